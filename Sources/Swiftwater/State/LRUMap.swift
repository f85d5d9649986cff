/// Values by key, of which only those used last are kept: the counterpart of Kafka Streams' `lruMap` store (ST-01).
///
/// What is pushed out is deleted in the changelog too. Reading a key counts as using it; a restart, which knows of no reads, begins
/// with the keys in the order in which they were set.
public final class LRUMap<Key: Hashable, Value> {
    private let entries: KeyValueStore<Key, Value>
    private let maximumCount: Int
    private var order = RecencyOrder<Key>()

    init(_ entries: KeyValueStore<Key, Value>, maximumCount: Int) throws {
        guard maximumCount >= 1 else {
            throw StreamsError(
                .invalidConfiguration, "a store for \(maximumCount) keys keeps nothing: set one at least",
                at: .init(store: entries.name))
        }
        self.entries = entries
        self.maximumCount = maximumCount
        for entry in try entries.all().sorted(by: { $0.timestamp < $1.timestamp }) { order.use(entry.key) }
        try pushOut()
    }

    /// The store's name.
    public var name: String { entries.name }

    /// How many keys there are.
    public var count: Int { order.count }

    /// The value of a key, which is thereby the one used last.
    public func value(of key: Key) throws -> Value? {
        guard let value = try entries.value(of: key) else { return nil }
        order.use(key)
        return value
    }

    /// Sets the value of a key, and pushes out the key that was not used for longest if there are too many; nil removes the key.
    public func set(_ value: Value?, of key: Key) throws {
        try entries.set(value, of: key)
        guard value != nil else { return order.remove(key) }
        order.use(key)
        try pushOut()
    }

    /// Removes a key; returns the value it had.
    @discardableResult
    public func remove(_ key: Key) throws -> Value? {
        order.remove(key)
        return try entries.remove(key)
    }

    private func pushOut() throws {
        while order.count > maximumCount, let eldest = order.removeEldest() { try entries.remove(eldest) }
    }
}
