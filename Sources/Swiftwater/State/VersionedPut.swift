/// What a put into a versioned store did; ``code`` is what Kafka Streams returns.
public enum VersionedPut: Hashable, Sendable {
    /// It is the latest version of its key.
    case latest
    /// It is a version of the past, followed by another at this time.
    case validTo(Timestamp)
    /// It is older than the history that is kept, and was dropped and counted.
    case expired

    /// Kafka Streams' number: -1 for the latest version, `Int64.min` for none, else the time in milliseconds.
    public var code: Int64 {
        switch self {
        case .latest: -1
        case .validTo(let time): time.rawValue
        case .expired: .min
        }
    }
}
