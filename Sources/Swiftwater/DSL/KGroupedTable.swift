/// A table whose rows are grouped by a new key, ready to be aggregated; the counterpart of `KGroupedTable`.
///
/// Where a row changes it is taken out of the aggregate and put in anew, so an aggregation needs a function for either (G-02).
public struct KGroupedTable<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let upstream: Upstream<Key, Change<Value>>
    @usableFromInline let keySerde: Serde<Key>?
    @usableFromInline let valueSerde: Serde<Value>?
    /// What the user called the grouping.
    @usableFromInline let name: String?
    /// The topic that a named grouping has already got: all its aggregations share one (S-89).
    @usableFromInline let shared = SharedRepartition<Key, Change<Value>>()

    @usableFromInline
    init(
        graph: StreamsGraph,
        upstream: Upstream<Key, Change<Value>>,
        keySerde: Serde<Key>?,
        valueSerde: Serde<Value>?,
        name: String?
    ) {
        self.graph = graph
        self.upstream = upstream
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.name = name
    }

    /// Counts the rows of each key; one that once had rows and has none is 0.
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func count(
        as materialized: Materialized<Key, Int64> = Materialized(),
        named: String? = nil
    ) -> KTable<Key, Int64> {
        aggregating("KTABLE-AGGREGATE-", materialized, .int64, named) { _, _, count in
            (count ?? 0) + 1
        } subtract: { _, _, count in
            count - 1
        }
    }

    /// Combines the rows of each key into a value of their type; the first row is taken as it is.
    ///
    /// - Parameters:
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - adder: puts a row in; nil deletes the key.
    ///   - subtractor: takes a row out; nil deletes the key.
    @inlinable
    public func reduce(
        as materialized: Materialized<Key, Value> = Materialized(),
        named: String? = nil,
        adder: @escaping @Sendable (_ aggregate: Value, _ value: Value) throws -> Value?,
        subtractor: @escaping @Sendable (_ aggregate: Value, _ value: Value) throws -> Value?
    ) -> KTable<Key, Value> {
        aggregating("KTABLE-REDUCE-", materialized, valueSerde, named) { _, row, aggregate in
            guard let aggregate else { return row }
            return try adder(aggregate, row)
        } subtract: { _, row, aggregate in
            try subtractor(aggregate, row)
        }
    }

    /// Folds the rows of each key into an aggregate of another type.
    ///
    /// - Parameters:
    ///   - initial: what a key begins with; asked for again after the aggregate was deleted.
    ///   - materialized: the store; a text is its name.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - adder: puts a row in; nil deletes the key.
    ///   - subtractor: takes a row out; nil deletes the key. Not called where there is no aggregate.
    @inlinable
    public func aggregate<Result>(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil,
        adder: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?,
        subtractor: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?
    ) -> KTable<Key, Result> {
        aggregating("KTABLE-AGGREGATE-", materialized, nil, named) { key, row, aggregate in
            try adder(key, row, aggregate ?? initial())
        } subtract: { key, row, aggregate in
            try subtractor(key, row, aggregate)
        }
    }

    @inlinable
    func aggregating<Result>(
        _ prefix: String,
        _ materialized: Materialized<Key, Result>,
        _ resultSerde: Serde<Result>?,
        _ named: String?,
        add: @escaping @Sendable (Key, Value, Result?) throws -> Result?,
        subtract: @escaping @Sendable (Key, Value, Result) throws -> Result?
    ) -> KTable<Key, Result> {
        let storeName = materialized.name ?? graph.newStoreName(prefix)
        let sinkName = graph.name(named.map { "\($0)-sink" }, or: "KSTREAM-SINK-")
        let sourceName = graph.name(named.map { "\($0)-source" }, or: "KSTREAM-SOURCE-")
        let nodeName = graph.name(named, or: prefix)
        let keys = graph.serde(keySerde ?? materialized.key, of: "the keys", at: nodeName)
        let results = graph.serde(materialized.value ?? resultSerde, of: "the aggregates", at: nodeName)
        return KTable.stored(
            graph: graph,
            name: nodeName,
            upstream: repartitioned(name ?? storeName, sink: sinkName, source: sourceName, keys, at: nodeName),
            store: TableStore(materialized.definition(name: storeName), materialized.key ?? keys, results),
            queryableStoreName: materialized.name
        ) { context, store, changes in
            tableAggregation(nodeName, context, store, changes, add: add, subtract: subtract)
        }
    }

    /// The rows by their new keys, through a topic that is named by the grouping or by the store.
    @inlinable
    func repartitioned(
        _ prefix: String,
        sink: String,
        source: String,
        _ keys: Serde<Key>,
        at node: String
    ) -> Upstream<Key, Change<Value>> {
        if name != nil, let known = shared.upstream { return known }
        let values = Serde<Change<Value>>.change(graph.serde(valueSerde, of: "the values", at: node))
        let topic = prefix + "-repartition"
        graph.addSink(
            sink, after: upstream, topic: topic, isInternal: true, key: keys, value: values, partitioner: nil)
        graph.addRepartitionTopic(topic, nil)
        let rows: Upstream<Key, Change<Value>> = graph.addSource(
            source,
            topics: [topic],
            isInternal: true,
            key: keys,
            value: values,
            extractor: FailOnInvalidTimestamp(),
            reset: .earliest
        )
        shared.upstream = rows
        return rows
    }
}
