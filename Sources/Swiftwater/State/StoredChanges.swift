/// Emits the changes of a store to the operators downstream: at once, or at commit where the store is cached (S-36).
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

    @inlinable
    func changed(key: Key, new: Value?, old: Value?, timestamp: Timestamp, headers: Headers) throws {
        if isCached { return }
        let change = Change(new: new, old: sendsOldValues ? old : nil)
        try outlet.forward(Record(key: key, value: change, timestamp: timestamp, headers: headers))
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
