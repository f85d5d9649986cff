extension StreamTask {
    /// A view of a key-value store, for reading it from outside; the types are the caller's word.
    package func keyValueStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> KeyValueStore<Key, Value> {
        let bytes = try store(named: name, where: "a key-value store") {
            switch $0 {
            case .keyValue, .timestampedKeyValue: true
            default: false
            }
        }
        return KeyValueStore(bytes, keySerde: key, valueSerde: value, context: context)
    }

    /// A view of a windowed store, for reading it from outside; the types and the size are the caller's word.
    package func windowStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        windowSize: Duration
    ) throws -> WindowStore<Key, Value> {
        let bytes = try store(named: name, where: "a window store") {
            switch $0 {
            case .window, .timestampedWindow: true
            default: false
            }
        }
        return WindowStore(
            bytes, keySerde: key, valueSerde: value, windowSize: windowSize.milliseconds, context: context)
    }

    /// A view of a session store, for reading it from outside.
    package func sessionStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> SessionStore<Key, Value> {
        let bytes = try store(named: name, where: "a session store") {
            if case .session = $0 { true } else { false }
        }
        return SessionStore(bytes, keySerde: key, valueSerde: value, context: context)
    }

    /// A view of a versioned store, for reading it from outside.
    package func versionedStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> VersionedKeyValueStore<Key, Value> {
        let bytes = try store(named: name, where: "a versioned store") {
            if case .versioned = $0 { true } else { false }
        }
        return VersionedKeyValueStore(bytes, keySerde: key, valueSerde: value, context: context)
    }

    private func store(
        named name: String,
        where kind: String,
        _ isKind: (StoreDefinition.Kind) -> Bool
    ) throws -> KeyValueBytesStore {
        guard let store = store(named: name), isKind(store.definition.kind) else {
            throw StreamsError(.invalidStateStore, "the task has no such store that is \(kind)", at: .init(store: name))
        }
        return store
    }
}
