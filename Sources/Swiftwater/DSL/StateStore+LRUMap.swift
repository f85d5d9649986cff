extension StateStore {
    /// The values of the keys that were used last, in memory (`Stores.lruMap`).
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - maximumCount: how many keys are kept, for each task; at least one.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - logged: whether a changelog topic backs it.
    public static func lruMap<Key: Hashable & SendableMetatype, Value>(
        _ name: String,
        maximumCount: Int,
        key: Serde<Key>,
        value: Serde<Value>,
        logged: Bool = true
    ) -> StateStore<LRUMap<Key, Value>> where Store == LRUMap<Key, Value> {
        .init(
            name: name,
            definition: .init(name: name, kind: .keyValue, isLogged: logged, storeType: .inMemory)
        ) { bytes, context in
            try context.shared("store \(name)") {
                try LRUMap(
                    KeyValueStore(bytes, keySerde: key, valueSerde: value, context: context),
                    maximumCount: maximumCount)
            }
        }
    }
}
