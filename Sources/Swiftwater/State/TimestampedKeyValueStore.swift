/// A typed view of a timestamped key-value store; one for each operator that uses it, as it owns scratch memory.
@usableFromInline
final class TimestampedKeyValueStore<Key, Value> {
    @usableFromInline let bytes: KeyValueBytesStore
    @usableFromInline let keySerde: Serde<Key>
    @usableFromInline let valueSerde: Serde<Value>
    @usableFromInline let keyWriter = ByteWriter()
    @usableFromInline let valueWriter = ByteWriter()
    @usableFromInline let keyContext: SerdeContext
    @usableFromInline let valueContext: SerdeContext

    @usableFromInline
    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, applicationID: String) {
        self.bytes = bytes
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        let topic = bytes.definition.changelogTopic(applicationID: applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    /// The value and its time; the key stays the current one for `set` and `committedValue`.
    @inlinable
    func value(of key: Key) throws -> (value: Value, timestamp: Timestamp)? {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw bytes.nullKey()
        }
        return try keyWriter.withUnsafeBytes { key in try decode(try bytes.value(of: key)) }
    }

    /// Writes the current key, the one last asked for.
    @inlinable
    func setCurrent(_ value: Value?, timestamp: Timestamp, headers: Headers) throws {
        valueWriter.clear()
        guard let value else { return storeCurrent(nil, timestamp, headers) }
        valueWriter.append(bigEndian: timestamp.rawValue)
        let isWritten = try valueSerde.write(value, to: valueWriter, valueContext)
        if isWritten {
            valueWriter.withUnsafeBytes { storeCurrent($0, timestamp, headers) }
        } else {
            storeCurrent(nil, timestamp, headers)
        }
    }

    @inlinable
    func storeCurrent(_ value: UnsafeRawBufferPointer?, _ timestamp: Timestamp, _ headers: Headers) {
        keyWriter.withUnsafeBytes { bytes.set($0, value, timestamp: timestamp, headers: headers) }
    }

    @inlinable
    func decode(_ stored: UnsafeRawBufferPointer?) throws -> (value: Value, timestamp: Timestamp)? {
        guard let stored else { return nil }
        let value = try valueSerde.read(TimestampedValue.plain(stored), valueContext)
        return (value, TimestampedValue.timestamp(of: stored))
    }

    @inlinable
    func key(from bytes: UnsafeRawBufferPointer) throws -> Key {
        try keySerde.read(bytes, keyContext)
    }
}
