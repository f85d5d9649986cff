/// What is asked of each partition of a store; the counterpart of `Query` and its kinds (KIP-796).
///
/// The kinds of Kafka Streams are static functions, such as ``key(_:)``. A query of one's own is a function of the view: all that
/// it reads is one commit, which neither blocks the stream thread nor changes while the function runs.
///
/// ```swift
/// let top = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [String]> { counts in
///     try counts.all().filter { $0.value > 1_000 }.map(\.key)
/// }
/// ```
public struct StateQuery<View: QueryableView, Answer> {
    /// The key whose partition is asked; nil asks all that are here.
    let key: View.Key?
    let ask: (View) throws -> Answer

    /// A query of one's own.
    ///
    /// - Parameters:
    ///   - key: the key that it is about, so that its partition alone is asked; nil asks all that are here.
    ///   - ask: reads one partition. The view is of use inside the call only; after it every read throws. A call that takes longer
    ///     than seconds keeps disk pages from being used again, and holds up a rebalance.
    public init(of key: View.Key? = nil, _ ask: @escaping (View) throws -> Answer) {
        self.key = key
        self.ask = ask
    }
}

extension StateQuery {
    /// The value of a key (`KeyQuery`).
    public static func key<Key, Value>(_ key: Key) -> StateQuery
    where View == ReadOnlyKeyValueStore<Key, Value>, Answer == Value? {
        StateQuery(of: key) { try $0.value(of: key) }
    }

    /// The value of a key with the time of its last update (`TimestampedKeyQuery`, KIP-992).
    public static func timestampedKey<Key, Value>(_ key: Key) -> StateQuery
    where View == ReadOnlyKeyValueStore<Key, Value>, Answer == ReadOnlyKeyValueStore<Key, Value>.Entry? {
        StateQuery(of: key) { try $0.entry(of: key) }
    }

    /// The entries from one key to another, both included, in the order of the keys' bytes (`RangeQuery`, `TimestampedRangeQuery`).
    ///
    /// - Parameters:
    ///   - from: the first key; nil is an open end.
    ///   - to: the last key; nil is an open end.
    ///   - reverse: whether the last key comes first.
    public static func range<Key, Value>(from: Key? = nil, to: Key? = nil, reverse: Bool = false) -> StateQuery
    where View == ReadOnlyKeyValueStore<Key, Value>, Answer == [ReadOnlyKeyValueStore<Key, Value>.Entry] {
        StateQuery { try $0.range(from: from, to: to, reverse: reverse) }
    }

    /// The windows of a key that start between two times, both included, in the order of time (`WindowKeyQuery`).
    public static func windows<Key, Value>(
        of key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) -> StateQuery
    where View == ReadOnlyWindowStore<Key, Value>, Answer == [ReadOnlyWindowStore<Key, Value>.Entry] {
        StateQuery(of: key) { try $0.fetch(key, from: from, to: to, reverse: reverse) }
    }

    /// The windows of all keys that start between two times, both included: by start, then by the keys' bytes (`WindowRangeQuery`).
    public static func windows<Key, Value>(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) -> StateQuery
    where
        View == ReadOnlyWindowStore<Key, Value>,
        Answer == [(key: Windowed<Key>, value: Value, timestamp: Timestamp)]
    {
        StateQuery { try $0.fetchAll(from: from, to: to, reverse: reverse) }
    }

    /// The sessions of a key that end at or after one time and start at or before another, by end (`WindowRangeQuery.withKey`).
    public static func sessions<Key, Value>(
        of key: Key,
        earliestEnd: Timestamp = 0,
        latestStart: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) -> StateQuery
    where View == ReadOnlySessionStore<Key, Value>, Answer == [ReadOnlySessionStore<Key, Value>.Session] {
        StateQuery(of: key) {
            try $0.findSessions(key, earliestEnd: earliestEnd, latestStart: latestStart, reverse: reverse)
        }
    }

    /// The sessions of all keys that end between two times, both included: by end, then start, then the keys' bytes.
    public static func sessions<Key, Value>(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max)
    ) -> StateQuery
    where View == ReadOnlySessionStore<Key, Value>, Answer == [(key: Windowed<Key>, value: Value)] {
        StateQuery { try $0.fetchAll(from: from, to: to) }
    }

    /// The version of a key that held at a time; without a time the latest (`VersionedKeyQuery`, KIP-960).
    public static func version<Key, Value>(of key: Key, asOf time: Timestamp? = nil) -> StateQuery
    where View == ReadOnlyVersionedKeyValueStore<Key, Value>, Answer == VersionedRecord<Value>? {
        StateQuery(of: key) { store in
            guard let time else { return try store.record(of: key) }
            return try store.record(of: key, asOf: time)
        }
    }

    /// The versions of a key that held at any time of a span, both ends included, in the order of time (`MultiVersionedKeyQuery`,
    /// KIP-968).
    public static func versions<Key, Value>(
        of key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) -> StateQuery
    where View == ReadOnlyVersionedKeyValueStore<Key, Value>, Answer == [VersionedRecord<Value>] {
        StateQuery(of: key) { try $0.records(of: key, from: from, to: to, reverse: reverse) }
    }
}
