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
        try bytes.meter.measure(.put) { try put(value, key, timestamp ?? context.timestamp) }
    }

    private func put(_ value: Value?, _ key: Key, _ time: Timestamp) throws {
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
        try bytes.meter.measure(.putIfAbsent) {
            if let known = try find(key) { return known.value }
            try put(value, key, context.timestamp)
            return nil
        }
    }

    /// Removes a key; returns the value it had.
    @discardableResult
    public func remove(_ key: Key) throws -> Value? {
        try bytes.meter.measure(.delete) {
            let old = try find(key)?.value
            try put(nil, key, context.timestamp)
            return old
        }
    }
}
