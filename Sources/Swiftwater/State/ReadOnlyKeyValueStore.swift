/// Values by key, to be read: what queries and processors see of a key-value store; the counterpart of `ReadOnlyKeyValueStore`.
///
/// Entries are in the order of the keys' bytes (S-103). What is given out is a copy (S-104).
public class ReadOnlyKeyValueStore<Key, Value>: QueryableView {
    /// One entry.
    public struct Entry {
        /// The key.
        public var key: Key
        /// The value.
        public var value: Value
        /// The time of the record, or of the punctuation, in which it was set.
        public var timestamp: Timestamp
    }

    let bytes: KeyValueBytesStore
    let keySerde: Serde<Key>
    let valueSerde: Serde<Value>
    let keyWriter = ByteWriter()
    private let keyContext: SerdeContext
    let valueContext: SerdeContext

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, applicationID: String) {
        self.bytes = bytes
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        let topic = bytes.definition.changelogTopic(applicationID: applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    /// The store's name.
    public var name: String { bytes.definition.name }

    /// The value of a key.
    public func value(of key: Key) throws -> Value? {
        try entry(of: key)?.value
    }

    /// The value of a key with the time at which it was set.
    public func entry(of key: Key) throws -> Entry? {
        try bytes.meter.measure(.get) { try find(key) }
    }

    /// The entry of a key, for what is counted otherwise than as a get.
    func find(_ key: Key) throws -> Entry? {
        try write(key)
        return try keyWriter.withUnsafeBytes { bytes in
            guard let stored = try self.bytes.value(of: bytes) else { return nil }
            return Entry(key: key, value: try value(stored), timestamp: TimestampedValue.timestamp(of: stored))
        }
    }

    /// All entries in the order of the keys' bytes, or in reverse.
    public func all(reverse: Bool = false) throws -> [Entry] {
        try bytes.meter.measure(.all) { try entries(from: nil, to: nil, reverse: reverse) }
    }

    /// The entries from one key to another, both included; nil is an open end. From beyond to, there are none.
    public func range(from: Key? = nil, to: Key? = nil, reverse: Bool = false) throws -> [Entry] {
        try bytes.meter.measure(.range) {
            try entries(from: try from.map(keyBytes), to: try to.map(keyBytes), reverse: reverse)
        }
    }

    /// The entries whose keys' bytes begin with some bytes.
    public func prefixed(by prefix: [UInt8]) throws -> [Entry] {
        try bytes.meter.measure(.prefixScan) {
            var found: [Entry] = []
            try bytes.scan(from: prefix, to: nil) { key, stored in
                guard key.starts(with: prefix) else { return false }
                found.append(try entry(key, stored))
                return true
            }
            return found
        }
    }

    /// About how many entries there are.
    public func approximateCount() throws -> Int {
        try bytes.approximateCount()
    }

    private func entries(from: [UInt8]?, to: [UInt8]?, reverse: Bool) throws -> [Entry] {
        var found: [Entry] = []
        try bytes.scan(from: from, to: to, reverse: reverse) { key, stored in
            found.append(try entry(key, stored))
            return true
        }
        return found
    }

    private func entry(_ key: UnsafeRawBufferPointer, _ stored: UnsafeRawBufferPointer) throws -> Entry {
        Entry(
            key: try keySerde.read(key, keyContext),
            value: try value(stored),
            timestamp: TimestampedValue.timestamp(of: stored)
        )
    }

    private func value(_ stored: UnsafeRawBufferPointer) throws -> Value {
        try valueSerde.read(TimestampedValue.plain(stored), valueContext)
    }

    /// Writes the bytes of a key into `keyWriter`.
    func write(_ key: Key) throws {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
        }
    }

    private func keyBytes(_ key: Key) throws -> [UInt8] {
        try write(key)
        return keyWriter.bytes
    }
}

extension ReadOnlyKeyValueStore.Entry: Sendable where Key: Sendable, Value: Sendable {}
extension ReadOnlyKeyValueStore.Entry: Equatable where Key: Equatable, Value: Equatable {}
