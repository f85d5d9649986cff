/// The record that a task had read when something failed, as Kafka has it; the counterpart of `ErrorHandlerContext`.
///
/// Behind a repartition topic it is the record of that topic. When caches are emitted at a commit and in punctuations there
/// is none: the metadata and the bytes are nil then.
public struct RecordOrigin: Sendable, Hashable {
    /// Where it is.
    public var metadata: RecordMetadata?
    /// Its timestamp; that of the failed record where nothing was read.
    public var timestamp: Timestamp
    /// Its headers.
    public var headers: Headers
    /// The key as it was read from Kafka.
    public var rawKey: [UInt8]?
    /// The value as it was read from Kafka.
    public var rawValue: [UInt8]?

    /// Creates an origin.
    public init(
        metadata: RecordMetadata?,
        timestamp: Timestamp,
        headers: Headers = Headers(),
        rawKey: [UInt8]? = nil,
        rawValue: [UInt8]? = nil
    ) {
        self.metadata = metadata
        self.timestamp = timestamp
        self.headers = headers
        self.rawKey = rawKey
        self.rawValue = rawValue
    }
}
