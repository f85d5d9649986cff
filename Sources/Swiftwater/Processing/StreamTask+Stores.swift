extension StreamTask {
    /// A versioned store of the task, for reading it from outside; throws if there is none of that name and kind.
    package func versionedStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> VersionedKeyValueStore<Key, Value> {
        guard let store = store(named: name), case .versioned = store.definition.kind else {
            throw StreamsError(
                .invalidStateStore, "the task has no versioned store of this name", at: .init(store: name))
        }
        return VersionedKeyValueStore(store, keySerde: key, valueSerde: value, context: context)
    }
}
