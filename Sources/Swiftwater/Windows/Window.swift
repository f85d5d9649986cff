/// A span of event time; whether the end belongs to it is up to the kind of window.
///
/// Time windows end before `end`; sliding windows and sessions include it, as in Kafka Streams.
public struct Window: Hashable, Sendable, Codable {
    /// The first millisecond.
    public var start: Timestamp
    /// The end; `Int64.max` for a window without one.
    public var end: Timestamp

    /// Creates a window.
    public init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }
}

extension Window: CustomStringConvertible {
    /// Start and end, such as `[10000, 20000]`.
    public var description: String { "[\(start), \(end)]" }
}
