public import Swiftwater

/// A record of a ``MarbleDiagram``: texts for key and value, and when.
public struct Marble: Hashable, Sendable {
    /// The topic that the record goes into or came from.
    public var topic: String
    /// The key; nil is none.
    public var key: String?
    /// The value; nil is none: a deletion, where the topic is a table's.
    public var value: String?
    /// The event time.
    public var timestamp: Timestamp

    /// Describes a record.
    public init(topic: String, key: String?, value: String?, timestamp: Timestamp) {
        self.topic = topic
        self.key = key
        self.value = value
        self.timestamp = timestamp
    }
}

extension Marble: CustomStringConvertible {
    /// Topic, key, value and time, such as `out/k=A+a@4`.
    public var description: String { "\(topic)/\(key ?? "")=\(value ?? "~")@\(timestamp)" }
}
