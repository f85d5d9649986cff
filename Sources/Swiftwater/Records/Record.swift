/// A typed key and value on their way through a topology, with event time and headers.
///
/// Whether a key or value can be null is part of its type: a stream read with `.optional(.string)` has `String?`.
/// The counterpart of Kafka Streams' `Record`.
public struct Record<Key, Value> {
    /// The key.
    public var key: Key
    /// The value.
    public var value: Value
    /// The event time, in milliseconds since the epoch.
    public var timestamp: Timestamp
    /// The headers that came with the record, or were put there since.
    public var headers: Headers

    /// Creates a record.
    @inlinable
    public init(key: Key, value: Value, timestamp: Timestamp, headers: Headers = Headers()) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.headers = headers
    }

    /// The same record with another value.
    @inlinable
    public func with<NewValue>(value: NewValue) -> Record<Key, NewValue> {
        Record<Key, NewValue>(key: key, value: value, timestamp: timestamp, headers: headers)
    }

    /// The same record with another key.
    @inlinable
    public func with<NewKey>(key: NewKey) -> Record<NewKey, Value> {
        Record<NewKey, Value>(key: key, value: value, timestamp: timestamp, headers: headers)
    }
}

extension Record: Sendable where Key: Sendable, Value: Sendable {}
extension Record: Equatable where Key: Equatable, Value: Equatable {}
