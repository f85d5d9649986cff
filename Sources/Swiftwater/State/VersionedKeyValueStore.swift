/// The versions of each key over a history of event time; the counterpart of `VersionedKeyValueStore` (KIP-889).
///
/// The latest version of a key stays for ever, those before it for the history retention behind the latest time of the store.
public final class VersionedKeyValueStore<Key, Value> {
    private let versions: VersionedBytesStore
    private let context: TaskContext
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let keyWriter = ByteWriter()
    private let valueWriter = ByteWriter()
    private let keyContext: SerdeContext
    private let valueContext: SerdeContext

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, context: TaskContext) {
        self.versions = VersionedBytesStore(bytes)
        self.context = context
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        let topic = bytes.definition.changelogTopic(applicationID: context.settings.applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    /// The store's name.
    public var name: String { versions.bytes.definition.name }

    /// Puts a version that holds from a time on, nil for a deletion.
    @discardableResult
    public func put(_ value: Value?, of key: Key, at timestamp: Timestamp) throws -> VersionedPut {
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
        let old = try record(of: key, asOf: timestamp)
        try put(nil, of: key, at: timestamp)
        return old
    }

    /// The latest version; nil if there is none or it is a deletion.
    public func record(of key: Key) throws -> VersionedRecord<Value>? {
        try setKey(key)
        return try keyWriter.withUnsafeBytes { key in
            guard let latest = try versions.latest(key) else { return nil }
            let value = try valueSerde.read(latest.value, valueContext)
            return VersionedRecord(value: value, timestamp: Timestamp(rawValue: latest.validFrom))
        }
    }

    /// The version that held at a time; nil if there was none, or that is longer ago than the history retention.
    public func record(of key: Key, asOf time: Timestamp) throws -> VersionedRecord<Value>? {
        try setKey(key)
        return try keyWriter.withUnsafeBytes { key in
            guard let version = try versions.version(of: key, asOf: time.rawValue), let bytes = version.value else {
                return nil
            }
            return VersionedRecord(
                value: try bytes.withUnsafeBytes { try valueSerde.read($0, valueContext) },
                timestamp: Timestamp(rawValue: version.validFrom),
                validTo: version.validTo == .max ? nil : Timestamp(rawValue: version.validTo)
            )
        }
    }

    private func setKey(_ key: Key) throws {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
        }
    }
}
