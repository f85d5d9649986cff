public import Swiftwater

/// Reads a key-value store of a topology under test; made by a ``TopologyTestDriver``.
public final class TestKeyValueStore<Key, Value> {
    /// One entry of a store.
    public struct Entry {
        /// The key.
        public var key: Key
        /// The value.
        public var value: Value
        /// The event time of the last update.
        public var timestamp: Timestamp
    }

    /// The store's name.
    public let name: String

    private let backend: InMemoryStateBackend
    private let index: Int
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>

    init(name: String, backend: InMemoryStateBackend, index: Int, keySerde: Serde<Key>, valueSerde: Serde<Value>) {
        self.name = name
        self.backend = backend
        self.index = index
        self.keySerde = keySerde
        self.valueSerde = valueSerde
    }

    /// The entry of a key, with the time of its last update; nil if there is none.
    public func entry(of key: Key) throws -> Entry? {
        guard let bytes = try keyBytes(key) else { return nil }
        let stored = bytes.withUnsafeBytes { backend.value(of: $0, in: index).map(Array.init) }
        guard let stored else { return nil }
        return try stored.withUnsafeBytes { try entry(key, $0) }
    }

    /// The value of a key; nil if there is none.
    public func value(of key: Key) throws -> Value? {
        try entry(of: key)?.value
    }

    /// All entries in the order of the keys' bytes, or in reverse.
    public func all(reverse: Bool = false) throws -> [Entry] {
        try scan(from: nil, to: nil, reverse: reverse)
    }

    /// The entries from one key to another, both included, in the order of the keys' bytes; nil is an open end.
    public func range(from: Key? = nil, to: Key? = nil, reverse: Bool = false) throws -> [Entry] {
        try scan(
            from: try from.flatMap { try keyBytes($0) },
            to: try to.flatMap { try keyBytes($0) },
            reverse: reverse
        )
    }

    /// The number of entries.
    public var count: Int { backend.approximateCount(of: index) }

    private func keyBytes(_ key: Key) throws -> [UInt8]? {
        try keySerde.serialize(key, topic: name, component: .key)
    }

    private func scan(from: [UInt8]?, to: [UInt8]?, reverse: Bool) throws -> [Entry] {
        var entries: [Entry] = []
        try backend.scan(index, from: from, to: to, reverse: reverse) { key, stored in
            let typed = try keySerde.deserialize(Array(key), topic: name, component: .key)
            entries.append(try entry(typed, stored))
            return true
        }
        return entries
    }

    private func entry(_ key: Key, _ stored: UnsafeRawBufferPointer) throws -> Entry {
        let plain = Array(TimestampedValue.plain(stored))
        return Entry(
            key: key,
            value: try valueSerde.deserialize(plain, topic: name, component: .value),
            timestamp: TimestampedValue.timestamp(of: stored)
        )
    }
}
