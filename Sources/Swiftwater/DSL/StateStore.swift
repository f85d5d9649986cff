/// A store that processors of one's own are connected to by name, with the type that it is used as; made by a static function.
///
/// The counterpart of `StoreBuilder`.
///
/// ```swift
/// let last = builder.addStateStore(.keyValue("last", key: .string, value: .string))
/// stream.processValues(stores: [last]) { context in
///     let last = try context.store(last)
///     return { record in … }
/// }
/// ```
public struct StateStore<Store>: ConnectedStore {
    /// The store's name, which also names its changelog.
    public let name: String
    let definition: StoreDefinition
    let open: @Sendable (KeyValueBytesStore, TaskContext) throws -> Store
}

/// A store that a processor can be connected to, whatever its type.
public protocol ConnectedStore: Sendable {
    /// The store's name.
    var name: String { get }
}

extension StateStore {
    /// Values by key.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - storeType: in LMDB, or in memory.
    ///   - logged: whether a changelog topic backs it.
    public static func keyValue<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        storeType: Materialized<Key, Value>.StoreType = .persistent,
        logged: Bool = true
    ) -> StateStore<KeyValueStore<Key, Value>> where Store == KeyValueStore<Key, Value> {
        .init(
            name: name,
            definition: .init(
                name: name, kind: .keyValue, isLogged: logged, storeType: storeType,
                types: .init(Key.self, Value.self))
        ) { bytes, context in KeyValueStore(bytes, keySerde: key, valueSerde: value, context: context) }
    }

    /// Values by key and window start, kept for a time.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - retention: how long behind the latest start an entry is found, measured in stream time.
    ///   - windowSize: how long a window is.
    ///   - retainsDuplicates: whether each put of a key and start is an entry of its own.
    ///   - storeType: in LMDB, or in memory.
    ///   - logged: whether a changelog topic backs it.
    public static func window<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        retention: Duration,
        windowSize: Duration,
        retainsDuplicates: Bool = false,
        storeType: Materialized<Key, Value>.StoreType = .persistent,
        logged: Bool = true
    ) -> StateStore<WindowStore<Key, Value>> where Store == WindowStore<Key, Value> {
        let segments = Segments(
            retention: max(retention.milliseconds, windowSize.milliseconds))
        return .init(
            name: name,
            definition: .init(
                name: name,
                kind: .window(segments, retainsDuplicates: retainsDuplicates),
                isLogged: logged,
                storeType: storeType,
                types: .init(Key.self, Value.self)
            )
        ) { bytes, context in
            WindowStore(
                bytes, keySerde: key, valueSerde: value, windowSize: windowSize.milliseconds, context: context)
        }
    }

    /// Aggregates by key and session, kept for a time.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - retention: how long behind the latest end a session is found, measured in stream time.
    ///   - storeType: in LMDB, or in memory.
    ///   - logged: whether a changelog topic backs it.
    public static func session<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        retention: Duration,
        storeType: Materialized<Key, Value>.StoreType = .persistent,
        logged: Bool = true
    ) -> StateStore<SessionStore<Key, Value>> where Store == SessionStore<Key, Value> {
        let segments = Segments(retention: retention.milliseconds)
        return .init(
            name: name,
            definition: .init(
                name: name, kind: .session(segments), isLogged: logged, storeType: storeType,
                types: .init(Key.self, Value.self))
        ) { bytes, context in SessionStore(bytes, keySerde: key, valueSerde: value, context: context) }
    }

    /// The versions of each key over a history (KIP-889).
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - historyRetention: how long behind the latest time old versions are kept, measured in stream time.
    ///   - logged: whether a changelog topic backs it.
    public static func versioned<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        historyRetention: Duration,
        logged: Bool = true
    ) -> StateStore<VersionedKeyValueStore<Key, Value>> where Store == VersionedKeyValueStore<Key, Value> {
        .init(
            name: name,
            definition: .init(
                name: name, kind: .versioned(history: historyRetention), isLogged: logged,
                types: .init(Key.self, Value.self))
        ) { bytes, context in VersionedKeyValueStore(bytes, keySerde: key, valueSerde: value, context: context) }
    }
}

extension StreamsBuilder {
    /// Adds a store for processors of one's own; they are connected to it where they are added (B-04).
    @discardableResult
    public func addStateStore<Store>(_ store: StateStore<Store>) -> StateStore<Store> {
        graph.add { writer in try writer.add(store.definition) }
        return store
    }
}
