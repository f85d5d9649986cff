/// The versions of each key over a history of event time; the counterpart of `VersionedKeyValueStore` (KIP-889).
public final class VersionedKeyValueStore<Key, Value>: ReadOnlyVersionedKeyValueStore<Key, Value> {
    private let context: TaskContext
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, context: TaskContext) {
        self.context = context
        super.init(
            bytes, keySerde: keySerde, valueSerde: valueSerde, applicationID: context.settings.applicationID)
    }

    /// Puts a version that holds from a time on, nil for a deletion.
    @discardableResult
    public func put(_ value: Value?, of key: Key, at timestamp: Timestamp) throws -> VersionedPut {
        try meter.measure(.put) { try write(value, key, timestamp) }
    }

    private func write(_ value: Value?, _ key: Key, _ timestamp: Timestamp) throws -> VersionedPut {
        try setKey(key)
        valueWriter.clear()
        let isWritten = try value.map { try valueSerde.write($0, to: valueWriter, valueContext) } ?? false
        let next = try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes { try versions.put(key, isWritten ? $0 : nil, at: timestamp.rawValue) }
        }
        guard let next else {
            context.drop(.expired, node: name)
            return .expired
        }
        return next == .max ? .latest : .validTo(Timestamp(rawValue: next))
    }

    /// Puts a deletion that holds from a time on; returns the version that held then.
    @discardableResult
    public func delete(_ key: Key, at timestamp: Timestamp) throws -> VersionedRecord<Value>? {
        try meter.measure(.delete) {
            let old = try find(key, asOf: timestamp)
            _ = try write(nil, key, timestamp)
            return old
        }
    }
}
