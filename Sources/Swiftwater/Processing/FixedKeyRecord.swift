/// A record whose key stays as it is; the counterpart of `FixedKeyRecord`.
public struct FixedKeyRecord<Key, Value> {
    /// The key.
    public let key: Key
    /// The value.
    public var value: Value
    /// The event time.
    public var timestamp: Timestamp
    /// The headers.
    public var headers: Headers

    package init(_ record: Record<Key, Value>) {
        key = record.key
        value = record.value
        timestamp = record.timestamp
        headers = record.headers
    }

    private init(key: Key, value: Value, timestamp: Timestamp, headers: Headers) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.headers = headers
    }

    /// The same record with another value.
    public func with<NewValue>(value: NewValue) -> FixedKeyRecord<Key, NewValue> {
        .init(key: key, value: value, timestamp: timestamp, headers: headers)
    }

    package var record: Record<Key, Value> { Record(key: key, value: value, timestamp: timestamp, headers: headers) }
}
