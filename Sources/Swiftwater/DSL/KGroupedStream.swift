/// A stream whose records are together by key, ready to be aggregated; the counterpart of `KGroupedStream`.
public struct KGroupedStream<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let upstream: Upstream<Key, Value>
    @usableFromInline let keySerde: Serde<Key>?
    @usableFromInline let valueSerde: Serde<Value>?
    /// Makes the repartition topic; nil where the key did not change.
    @usableFromInline let repartition: ((_ prefix: String, Serde<Key>, Serde<Value>) -> Upstream<Key, Value>)?
    /// The topic that a named grouping has already got: all its aggregations share one (S-89).
    @usableFromInline let shared = SharedRepartition<Key, Value>()
    /// What the user called the grouping.
    @usableFromInline let name: String?

    @usableFromInline
    init(
        graph: StreamsGraph,
        upstream: Upstream<Key, Value>,
        keySerde: Serde<Key>?,
        valueSerde: Serde<Value>?,
        repartition: ((_ prefix: String, Serde<Key>, Serde<Value>) -> Upstream<Key, Value>)?,
        name: String?
    ) {
        self.graph = graph
        self.upstream = upstream
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.repartition = repartition
        self.name = name
    }

    /// Counts the records of each key. Records without a value are not counted (S-13).
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    @_disfavoredOverload
    @inlinable
    public func count(
        as materialized: Materialized<Key, Int64> = Materialized(),
        named: String? = nil
    ) -> KTable<Key, Int64> {
        aggregating("KSTREAM-AGGREGATE-", materialized, .int64, named, { $0 }) { _, _, count in (count ?? 0) + 1 }
    }

    /// Counts the records of each key. Records without a value are dropped (S-13).
    @inlinable
    public func count<Wrapped>(
        as materialized: Materialized<Key, Int64> = Materialized(),
        named: String? = nil
    ) -> KTable<Key, Int64> where Value == Wrapped? {
        aggregating("KSTREAM-AGGREGATE-", materialized, .int64, named, { $0.unwrappingValue() }) { _, _, count in
            (count ?? 0) + 1
        }
    }

    /// Combines the values of each key, two at a time; the first value is taken as it is.
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - reducer: gives the new aggregate from the old one and a value; nil deletes the key.
    @_disfavoredOverload
    @inlinable
    public func reduce(
        as materialized: Materialized<Key, Value> = Materialized(),
        named: String? = nil,
        _ reducer: @escaping @Sendable (_ aggregate: Value, _ value: Value) throws -> Value?
    ) -> KTable<Key, Value> {
        aggregating("KSTREAM-REDUCE-", materialized, valueSerde, named, { $0 }) { _, value, old in
            guard let old else { return value }
            return try reducer(old, value)
        }
    }

    /// Combines the values of each key, two at a time; records without a value are dropped (S-13).
    @inlinable
    public func reduce<Wrapped>(
        as materialized: Materialized<Key, Wrapped> = Materialized(),
        named: String? = nil,
        _ reducer: @escaping @Sendable (_ aggregate: Wrapped, _ value: Wrapped) throws -> Wrapped?
    ) -> KTable<Key, Wrapped> where Value == Wrapped? {
        aggregating("KSTREAM-REDUCE-", materialized, nil, named, { $0.unwrappingValue() }) { _, value, old in
            guard let old else { return value }
            return try reducer(old, value)
        }
    }

    /// Folds the records of each key into an aggregate of another type.
    ///
    /// - Parameters:
    ///   - initial: what a key begins with; asked for again after the aggregate was deleted.
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes the key.
    @_disfavoredOverload
    @inlinable
    public func aggregate<Result>(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?
    ) -> KTable<Key, Result> {
        aggregating("KSTREAM-AGGREGATE-", materialized, nil, named, { $0 }) { key, value, old in
            try aggregator(key, value, old ?? initial())
        }
    }

    /// Folds the records of each key into an aggregate of another type; those without a value are dropped (S-13).
    @inlinable
    public func aggregate<Wrapped, Result>(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Wrapped, _ aggregate: Result) throws -> Result?
    ) -> KTable<Key, Result> where Value == Wrapped? {
        aggregating("KSTREAM-AGGREGATE-", materialized, nil, named, { $0.unwrappingValue() }) { key, value, old in
            try aggregator(key, value, old ?? initial())
        }
    }

    @inlinable
    func aggregating<Input, Result>(
        _ prefix: String,
        _ materialized: Materialized<Key, Result>,
        _ resultSerde: Serde<Result>?,
        _ named: String?,
        _ narrow: (Upstream<Key, Value>) -> Upstream<Key, Input>,
        _ update: @escaping @Sendable (Key, Input, Result?) throws -> Result?
    ) -> KTable<Key, Result> {
        let storeName = materialized.name ?? graph.newStoreName(prefix)
        let nodeName = graph.name(named, or: prefix)
        let keys = graph.serde(materialized.key ?? keySerde, of: "the keys", at: nodeName)
        let results = graph.serde(materialized.value ?? resultSerde, of: "the aggregates", at: nodeName)
        let input = input(repartitionedAs: storeName, keys: keys, at: nodeName)
        return KTable.stored(
            graph: graph,
            name: nodeName,
            upstream: narrow(input),
            store: TableStore(materialized.definition(name: storeName), keys, results),
            queryableStoreName: materialized.name
        ) { context, store, changes in
            aggregation(nodeName, context, store, changes, update)
        }
    }

    /// The records by key: through a repartition topic if the key changed, which the store names unless the user did.
    @usableFromInline
    func input(repartitionedAs storeName: String, keys: Serde<Key>, at node: String) -> Upstream<Key, Value> {
        guard let repartition else { return upstream }
        let values = graph.serde(valueSerde, of: "the values", at: node)
        if name != nil, let known = shared.upstream {
            graph.burnRepartitionNames()
            return known
        }
        let input = repartition(name ?? storeName, keySerde ?? keys, values)
        shared.upstream = input
        return input
    }
}
