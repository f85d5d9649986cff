/// Writes the store of a table and tells the changes to the operators downstream: at once, or at commit where the store is
/// cached (S-36).
@usableFromInline
final class StoredChanges<Key, Value> {
    @usableFromInline let store: TimestampedKeyValueStore<Key, Value>
    @usableFromInline let outlet: Outlet<Key, Change<Value>>
    @usableFromInline let isCached: Bool
    @usableFromInline let sendsOldValues: Bool

    @usableFromInline
    init(
        store: TimestampedKeyValueStore<Key, Value>,
        outlet: Outlet<Key, Change<Value>>,
        isCached: Bool,
        sendsOldValues: Bool
    ) {
        self.store = store
        self.outlet = outlet
        self.isCached = isCached
        self.sendsOldValues = sendsOldValues
    }

    /// Writes the store's current key, which is the record's, and tells the change; a version that is too old is neither (S-31).
    @inlinable
    func update<Input>(
        by record: Record<Key, Input>,
        new: Value?,
        old: Value?,
        timestamp: Timestamp
    ) throws {
        // A deletion leaves a store at the time of its record, also where a cache forwards it; a version has its own time.
        let storedAt = new == nil && !store.isVersioned ? record.timestamp : timestamp
        let put = try store.setCurrent(new, timestamp: storedAt, headers: record.headers)
        if isCached { return }
        var isLatest = true
        switch put {
        case .latest: break
        case .validTo: isLatest = false
        case .expired: return
        }
        let change = Change(new: new, old: sendsOldValues ? old : nil, isLatest: isLatest)
        try outlet.forward(Record(key: record.key, value: change, timestamp: timestamp, headers: record.headers))
    }

    @inlinable
    func flushCache() throws {
        guard isCached else { return }
        let buffer = store.bytes.buffer
        for entry in buffer.touchOrder() {
            let keyBytes = buffer.key(at: Int(entry))
            let stored = buffer.value(at: Int(entry))
            let new = try store.decode(stored)
            var old: Value?
            // A key that came and went within one interval leaves no trace downstream.
            if new == nil || sendsOldValues {
                old = try store.decode(try store.bytes.committedValue(of: keyBytes))?.value
                if new == nil, old == nil { continue }
            }
            let change = Change(new: new?.value, old: sendsOldValues ? old : nil)
            try outlet.forward(
                Record(
                    key: try store.key(from: keyBytes),
                    value: change,
                    timestamp: store.bytes.timestamp(of: Int(entry)),
                    headers: store.bytes.headers(of: Int(entry))
                )
            )
        }
    }
}
