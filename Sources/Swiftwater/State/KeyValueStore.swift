/// Values by key, for processors of one's own; the counterpart of `KeyValueStore`.
///
/// What is given out is a copy: it can be walked over while the store is written to (S-104).
public final class KeyValueStore<Key, Value>: ReadOnlyKeyValueStore<Key, Value> {
    private let context: TaskContext
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, context: TaskContext) {
        self.context = context
        super.init(
            bytes, keySerde: keySerde, valueSerde: valueSerde, applicationID: context.settings.applicationID)
    }

    /// Sets the value of a key; nil removes it. The time is that of the current record unless one is given.
    public func set(_ value: Value?, of key: Key, at timestamp: Timestamp? = nil) throws {
        let time = timestamp ?? context.timestamp
        try write(key)
        valueWriter.clear()
        valueWriter.append(bigEndian: time.rawValue)
        let isWritten = try value.map { try valueSerde.write($0, to: valueWriter, valueContext) } ?? false
        keyWriter.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { bytes.set(key, isWritten ? $0 : nil, timestamp: time) }
        }
    }

    /// Sets the value of a key that has none; returns the value it has.
    public func setIfAbsent(_ value: Value?, of key: Key) throws -> Value? {
        if let known = try self.value(of: key) { return known }
        try set(value, of: key)
        return nil
    }

    /// Removes a key; returns the value it had.
    @discardableResult
    public func remove(_ key: Key) throws -> Value? {
        let old = try value(of: key)
        try set(nil, of: key)
        return old
    }
}
