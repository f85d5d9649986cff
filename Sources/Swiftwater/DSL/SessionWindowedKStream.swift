/// A grouped stream divided into sessions, ready to be aggregated; the counterpart of `SessionWindowedKStream`.
///
/// When a record joins sessions, each of them is deleted downstream and their union told (S-53). Records without a value are
/// not left out: the functions see nil (S-15).
public struct SessionWindowedKStream<Key, Value> {
    let grouped: KGroupedStream<Key, Value>
    let windows: SessionWindows
    var emit = EmitStrategy.onWindowUpdate
    var late: LateRecords<Key, Value>?

    /// When results are told: with every update, or once when the session has closed (KIP-825).
    public func emitStrategy(_ strategy: EmitStrategy) -> SessionWindowedKStream<Key, Value> {
        var copy = self
        copy.emit = strategy
        return copy
    }

    /// Sends the records that came too late for every session to a topic, as they are; they are counted too.
    ///
    /// - Parameters:
    ///   - topic: the topic; it must exist when the application starts.
    ///   - key: how keys are written; nil takes what the stream or the type knows.
    ///   - value: how values are written; nil takes what the stream or the type knows.
    ///   - named: the sink's name in ``Topology/describe()``.
    public func lateRecords(
        to topic: String,
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        named: String? = nil
    ) -> SessionWindowedKStream<Key, Value> {
        var copy = self
        copy.late = LateRecords(
            topic: topic, key: key ?? grouped.keySerde, value: value ?? grouped.valueSerde, name: named)
        return copy
    }

    /// Counts the records of each key and session.
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    public func count(
        as materialized: Materialized<Key, Int64> = Materialized(),
        named: String? = nil
    ) -> KTable<Windowed<Key>, Int64> {
        aggregating(
            "KSTREAM-AGGREGATE-",
            materialized,
            .int64,
            named,
            .init(
                initial: { 0 },
                update: { _, _, count in (count ?? 0) + 1 },
                merge: { _, left, right in (left ?? 0) + right }
            )
        )
    }

    /// Combines the values of each key and session, two at a time; the first value is taken as it is.
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - reducer: gives the new aggregate from the old one and a value; nil deletes it. It merges sessions too.
    @_disfavoredOverload
    public func reduce(
        as materialized: Materialized<Key, Value> = Materialized(),
        named: String? = nil,
        _ reducer: @escaping @Sendable (_ aggregate: Value, _ value: Value) throws -> Value?
    ) -> KTable<Windowed<Key>, Value> {
        aggregating(
            "KSTREAM-REDUCE-",
            materialized,
            grouped.valueSerde,
            named,
            .init(
                initial: { nil },
                update: { _, value, old in try old.map { try reducer($0, value) } ?? value },
                merge: { _, left, right in try left.map { try reducer($0, right) } ?? right }
            )
        )
    }

    /// Combines the values of each key and session, two at a time; the values may be nil (S-15).
    public func reduce<Wrapped>(
        as materialized: Materialized<Key, Wrapped> = Materialized(),
        named: String? = nil,
        _ reducer: @escaping @Sendable (_ aggregate: Wrapped, _ value: Wrapped?) throws -> Wrapped?
    ) -> KTable<Windowed<Key>, Wrapped> where Value == Wrapped? {
        aggregating(
            "KSTREAM-REDUCE-",
            materialized,
            nil,
            named,
            .init(
                initial: { nil },
                update: { _, value, old in
                    guard let old else { return value }
                    return try reducer(old, value)
                },
                merge: { _, left, right in
                    guard let left else { return right }
                    return try reducer(left, right)
                }
            )
        )
    }

    /// Folds the records of each key and session into an aggregate of another type.
    ///
    /// - Parameters:
    ///   - initial: what a session begins with.
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - merger: gives the aggregate of two sessions that grow together, the earlier first; called with `initial` first (S-54).
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes it.
    public func aggregate<Result>(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil,
        merger: @escaping @Sendable (Key, _ earlier: Result, _ later: Result) throws -> Result,
        _ aggregator: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?
    ) -> KTable<Windowed<Key>, Result> {
        aggregating(
            "KSTREAM-AGGREGATE-",
            materialized,
            nil,
            named,
            .init(
                initial: { initial() },
                update: { key, value, old in try aggregator(key, value, old ?? initial()) },
                merge: { key, left, right in try merger(key, left ?? initial(), right) }
            )
        )
    }

    private func aggregating<Result>(
        _ prefix: String,
        _ materialized: Materialized<Key, Result>,
        _ resultSerde: Serde<Result>?,
        _ named: String?,
        _ functions: SessionWindowAggregate<Key, Value, Result>.Functions
    ) -> KTable<Windowed<Key>, Result> {
        let graph = grouped.graph
        let storeName = materialized.name ?? graph.newStoreName(prefix)
        let nodeName = graph.name(named, or: prefix)
        let keys = graph.serde(materialized.key ?? grouped.keySerde, of: "the keys", at: nodeName)
        let results = graph.serde(materialized.value ?? resultSerde, of: "the aggregates", at: nodeName)
        let input = grouped.input(repartitionedAs: storeName, keys: keys, at: nodeName)
        let aggregation = SessionAggregation<Key, Result>(
            windows: windows,
            emit: emit,
            store: windows.store(storeName, materialized, emit, graph, nodeName),
            keys: keys,
            results: results
        )
        let demand = TableDemand(isStored: true)
        aggregation.addNode(
            nodeName, after: input, definesStore: true, demand: demand, late: late, in: graph, functions)
        return KTable(
            graph: graph,
            upstream: Upstream(node: nodeName),
            access: aggregation.access(demand),
            keySerde: .sessionWindowed(keys),
            valueSerde: results,
            queryableStoreName: materialized.name
        )
    }
}
