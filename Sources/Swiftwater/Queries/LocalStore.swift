/// A store as far as it is here, read like a collection; made by ``InteractiveQueries/store(_:partition:includingStale:)``.
///
/// Each call reads the latest commit of each partition, and gives copies. What is read over several partitions stands partition
/// after partition, each in its order. Every call throws ``StreamsError``: `stateStoreMigrated` for a key that another instance
/// has, `stateStoreNotAvailable` while a partition restores or nothing is here, and what
/// ``InteractiveQueries/query(_:_:partitions:includingStale:atLeast:)`` throws.
public struct LocalStore<View: QueryableView> {
    private let store: QueryableStore<View>
    private let options: QueryOptions
    private let source: any InteractiveQueries

    init(_ store: QueryableStore<View>, _ options: QueryOptions, of source: any InteractiveQueries) {
        self.store = store
        self.options = options
        self.source = source
    }

    /// The store's name.
    public var name: String { store.name }

    /// What each partition answers; a query of one's own sees one commit of each.
    public func answers<Answer>(to query: StateQuery<View, Answer>) throws -> [Answer] {
        let result = try source.query(store, query, options)
        guard !result.partitions.isEmpty else {
            throw StreamsError(
                .stateStoreNotAvailable,
                "no partition of the store is here yet, or all are with other instances",
                at: .init(store: name)
            )
        }
        return try result.allAnswers
    }
}

extension LocalStore {
    /// The value of a key.
    public func value<Key, Value>(of key: Key) throws -> Value? where View == ReadOnlyKeyValueStore<Key, Value> {
        try entry(of: key)?.value
    }

    /// The value of a key with the time of its last update.
    public func entry<Key, Value>(of key: Key) throws -> ReadOnlyKeyValueStore<Key, Value>.Entry?
    where View == ReadOnlyKeyValueStore<Key, Value> {
        try answers(to: .timestampedKey(key)).lazy.compactMap { $0 }.first
    }

    /// All entries, or from one key to another, both included: in each partition in the order of the keys' bytes.
    public func range<Key, Value>(
        from: Key? = nil,
        to: Key? = nil,
        reverse: Bool = false
    ) throws -> [ReadOnlyKeyValueStore<Key, Value>.Entry] where View == ReadOnlyKeyValueStore<Key, Value> {
        try answers(to: .range(from: from, to: to, reverse: reverse)).flatMap { $0 }
    }

    /// All entries: in each partition in the order of the keys' bytes, or in reverse.
    public func all<Key, Value>(reverse: Bool = false) throws -> [ReadOnlyKeyValueStore<Key, Value>.Entry]
    where View == ReadOnlyKeyValueStore<Key, Value> {
        try range(reverse: reverse)
    }

    /// The entries whose keys' bytes begin with some bytes.
    public func prefixed<Key, Value>(by prefix: [UInt8]) throws -> [ReadOnlyKeyValueStore<Key, Value>.Entry]
    where View == ReadOnlyKeyValueStore<Key, Value> {
        try answers(to: StateQuery { try $0.prefixed(by: prefix) }).flatMap { $0 }
    }

    /// About how many entries there are here.
    public func approximateCount<Key, Value>() throws -> Int where View == ReadOnlyKeyValueStore<Key, Value> {
        try answers(to: StateQuery { try $0.approximateCount() }).reduce(0, +)
    }

    /// The windows of a key that start between two times, both included, in the order of time.
    public func fetch<Key, Value>(
        _ key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [ReadOnlyWindowStore<Key, Value>.Entry] where View == ReadOnlyWindowStore<Key, Value> {
        try answers(to: .windows(of: key, from: from, to: to, reverse: reverse)).flatMap { $0 }
    }

    /// The windows of all keys that start between two times, both included: in each partition by start, then by the keys' bytes.
    public func fetchAll<Key, Value>(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [(key: Windowed<Key>, value: Value, timestamp: Timestamp)]
    where View == ReadOnlyWindowStore<Key, Value> {
        try answers(to: .windows(from: from, to: to, reverse: reverse)).flatMap { $0 }
    }

    /// The sessions of a key that end at or after one time and start at or before another, by end and then by start.
    public func findSessions<Key, Value>(
        _ key: Key,
        earliestEnd: Timestamp = 0,
        latestStart: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [ReadOnlySessionStore<Key, Value>.Session] where View == ReadOnlySessionStore<Key, Value> {
        try answers(
            to: .sessions(of: key, earliestEnd: earliestEnd, latestStart: latestStart, reverse: reverse)
        ).flatMap { $0 }
    }

    /// The sessions of all keys that end between two times, both included: in each partition by end, start and the keys' bytes.
    public func fetchAll<Key, Value>(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max)
    ) throws -> [(key: Windowed<Key>, value: Value)] where View == ReadOnlySessionStore<Key, Value> {
        try answers(to: .sessions(from: from, to: to)).flatMap { $0 }
    }

    /// The version of a key that held at a time; without a time the latest.
    public func record<Key, Value>(of key: Key, asOf time: Timestamp? = nil) throws -> VersionedRecord<Value>?
    where View == ReadOnlyVersionedKeyValueStore<Key, Value> {
        try answers(to: .version(of: key, asOf: time)).lazy.compactMap { $0 }.first
    }

    /// The versions of a key that held at any time of a span, both ends included, in the order of time.
    public func records<Key, Value>(
        of key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [VersionedRecord<Value>] where View == ReadOnlyVersionedKeyValueStore<Key, Value> {
        try answers(to: .versions(of: key, from: from, to: to, reverse: reverse)).flatMap { $0 }
    }
}
