/// The versions of each key over a history of event time, to be read: what queries see of a versioned store (KIP-960, KIP-968).
///
/// The latest version of a key stays for ever, those before it for the history retention behind the latest time of the store.
public class ReadOnlyVersionedKeyValueStore<Key, Value>: QueryableView {
    let versions: VersionedBytesStore
    private let keySerde: Serde<Key>
    let valueSerde: Serde<Value>
    let keyWriter = ByteWriter()
    private let keyContext: SerdeContext
    let valueContext: SerdeContext

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, applicationID: String) {
        self.versions = VersionedBytesStore(bytes)
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        let topic = bytes.definition.changelogTopic(applicationID: applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    /// The store's name.
    public var name: String { versions.bytes.definition.name }

    /// The latest version; nil if there is none or it is a deletion.
    public func record(of key: Key) throws -> VersionedRecord<Value>? {
        try meter.measure(.get) {
            try setKey(key)
            return try keyWriter.withUnsafeBytes { key in
                guard let latest = try versions.latest(key) else { return nil }
                let value = try valueSerde.read(latest.value, valueContext)
                return VersionedRecord(value: value, timestamp: Timestamp(rawValue: latest.validFrom))
            }
        }
    }

    /// The version that held at a time; nil if there was none, or that is longer ago than the history retention.
    public func record(of key: Key, asOf time: Timestamp) throws -> VersionedRecord<Value>? {
        try meter.measure(.get) { try find(key, asOf: time) }
    }

    /// The version that held at a time, for what is counted otherwise than as a get.
    func find(_ key: Key, asOf time: Timestamp) throws -> VersionedRecord<Value>? {
        try setKey(key)
        return try keyWriter.withUnsafeBytes { key in
            try versions.version(of: key, asOf: time.rawValue).flatMap { version in try record(version) }
        }
    }

    /// The versions that held at any time of a span, both ends included, in the order of time; deletions are none.
    ///
    /// What is longer ago than the history retention is not found.
    public func records(
        of key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [VersionedRecord<Value>] {
        try meter.measure(.range) {
            try setKey(key)
            let found = try keyWriter.withUnsafeBytes { key in
                try versions.versions(of: key, from: from.rawValue, to: to.rawValue)
            }
            let records = try found.compactMap { version in try record(version) }
            return reverse ? records.reversed() : records
        }
    }

    var meter: StoreMeter { versions.bytes.meter }

    /// Nil for a deletion.
    private func record(_ version: VersionedBytesStore.Version) throws -> VersionedRecord<Value>? {
        guard let bytes = version.value else { return nil }
        return VersionedRecord(
            value: try bytes.withUnsafeBytes { try valueSerde.read($0, valueContext) },
            timestamp: Timestamp(rawValue: version.validFrom),
            validTo: version.validTo == .max ? nil : Timestamp(rawValue: version.validTo)
        )
    }

    /// Writes the bytes of a key into `keyWriter`.
    func setKey(_ key: Key) throws {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
        }
    }
}
