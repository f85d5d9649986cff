/// A store by name, with the types that queries read it as; the counterpart of `QueryableStoreTypes`.
///
/// One value serves all queries, of a running application and of a test driver:
///
/// ```swift
/// let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)
/// let answer = try application.query(counts, .key("hello"))
/// ```
///
/// The types are the caller's word, as those of a changelog's reader are. The kind of the store is checked.
public struct QueryableStore<View: QueryableView>: Sendable {
    /// The store's name, which `Materialized` or `addStateStore` gave it.
    public let name: String
    private let key: Serde<View.Key>
    private let placement: KeyPlacement<View.Key>
    private let kind: Kind
    /// Opens one partition of the store as a task's committed bytes have it.
    let view: @Sendable (_ bytes: KeyValueBytesStore, _ applicationID: String) -> View

    /// What a store can be read as.
    private enum Kind: String {
        case keyValue = "a key-value store"
        case window = "a window store"
        case session = "a session store"
        case versioned = "a versioned store"

        init?(_ kind: StoreDefinition.Kind) {
            switch kind {
            case .keyValue, .timestampedKeyValue: self = .keyValue
            case .window, .timestampedWindow: self = .window
            case .session: self = .session
            case .versioned: self = .versioned
            case .suppression: return nil
            }
        }
    }

    /// Throws `invalidStateStore` if the store that has the name is of another kind.
    func check(_ definition: StoreDefinition) throws {
        let found = Kind(definition.kind)
        guard found == kind else {
            throw StreamsError(
                .invalidStateStore,
                "the store is \(found?.rawValue ?? "the library's own"), it was asked for as \(kind.rawValue)",
                at: .init(store: name)
            )
        }
    }

    /// The partition that has a key; nil if only all of them can tell.
    package func partition(of key: View.Key, count: Int32) throws -> Int32? {
        switch placement {
        case .anywhere: return nil
        case .by(let partition): return try partition(key, count)
        case .byKey:
            let writer = ByteWriter()
            guard try self.key.write(key, to: writer, SerdeContext(topic: name, component: .key)) else {
                throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
            }
            return writer.withUnsafeBytes { bytes in
                let plain = UnsafeRawBufferPointer(rebasing: bytes.dropLast(self.key.windowByteCount))
                return DefaultPartitioner.partition(of: plain, count: count)
            }
        }
    }
}

extension QueryableStore {
    /// A store of the latest value of each key, with the time of its last update: tables, aggregates, key-value stores of processors.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are read.
    ///   - value: how values are read.
    ///   - placement: how a key finds its partition.
    public static func keyValue<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        placement: KeyPlacement<Key> = .byKey
    ) -> QueryableStore where View == ReadOnlyKeyValueStore<Key, Value> {
        QueryableStore(name: name, key: key, placement: placement, kind: .keyValue) { bytes, applicationID in
            ReadOnlyKeyValueStore(bytes, keySerde: key, valueSerde: value, applicationID: applicationID)
        }
    }

    /// A store of values by key and window start.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are read, without their windows.
    ///   - value: how values are read.
    ///   - windowSize: tells the ends of windows, which the store does not keep.
    ///   - placement: how a key finds its partition.
    public static func window<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        windowSize: Duration,
        placement: KeyPlacement<Key> = .byKey
    ) -> QueryableStore where View == ReadOnlyWindowStore<Key, Value> {
        QueryableStore(name: name, key: key, placement: placement, kind: .window) { bytes, applicationID in
            ReadOnlyWindowStore(
                bytes,
                keySerde: key,
                valueSerde: value,
                windowSize: windowSize.milliseconds,
                applicationID: applicationID
            )
        }
    }

    /// A store of aggregates by key and session.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are read, without their sessions.
    ///   - value: how values are read.
    ///   - placement: how a key finds its partition.
    public static func session<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        placement: KeyPlacement<Key> = .byKey
    ) -> QueryableStore where View == ReadOnlySessionStore<Key, Value> {
        QueryableStore(name: name, key: key, placement: placement, kind: .session) { bytes, applicationID in
            ReadOnlySessionStore(bytes, keySerde: key, valueSerde: value, applicationID: applicationID)
        }
    }

    /// A store of the versions of each key: `Materialized(history:)`, `StateStore.versioned`.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are read.
    ///   - value: how values are read.
    ///   - placement: how a key finds its partition.
    public static func versioned<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        placement: KeyPlacement<Key> = .byKey
    ) -> QueryableStore where View == ReadOnlyVersionedKeyValueStore<Key, Value> {
        QueryableStore(name: name, key: key, placement: placement, kind: .versioned) { bytes, applicationID in
            ReadOnlyVersionedKeyValueStore(bytes, keySerde: key, valueSerde: value, applicationID: applicationID)
        }
    }
}
