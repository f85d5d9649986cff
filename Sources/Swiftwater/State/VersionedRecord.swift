/// A version of a key in a versioned store: a value and the span of event time in which it was the current one.
public struct VersionedRecord<Value> {
    /// The value.
    public var value: Value
    /// From when on it is the value.
    public var timestamp: Timestamp
    /// When the next version, or a deletion, took its place; nil for the latest.
    public var validTo: Timestamp?

    /// Creates a version.
    public init(value: Value, timestamp: Timestamp, validTo: Timestamp? = nil) {
        self.value = value
        self.timestamp = timestamp
        self.validTo = validTo
    }
}

extension VersionedRecord: Sendable where Value: Sendable {}
extension VersionedRecord: Equatable where Value: Equatable {}
