/// What an aggregation over a cogroup is called and built of.
struct CogroupPlan<Key, Result> {
    let store: String
    let inputs: [any CogroupInput<Key, Result>]
    let nodes: [String]
    let merge: String
    let keys: Serde<Key>
    let results: Serde<Result>
}

extension CogroupedKStream {
    /// Names the nodes and repartitions the inputs, in the order in which Kafka Streams uses up its numbers.
    func nodes(_ materialized: Materialized<Key, Result>, _ named: String?) -> CogroupPlan<Key, Result> {
        let prefix = "COGROUPKSTREAM-AGGREGATE-"
        let store = materialized.name ?? graph.newStoreName(prefix)
        let place = named ?? store
        let keys = graph.serde(
            materialized.key ?? branches.lazy.compactMap(\.keySerde).first, of: "the keys", at: place)
        let inputs = branches.map { $0.input(store, keys, place) }
        let nodes = branches.indices.map { index in
            named.map { "\($0)-cogroup-agg-\(index)" } ?? graph.newName(prefix)
        }
        return CogroupPlan(
            store: store,
            inputs: inputs,
            nodes: nodes,
            merge: named.map { "\($0)-cogroup-merge" } ?? graph.newName("COGROUPKSTREAM-MERGE-"),
            keys: keys,
            results: graph.serde(materialized.value, of: "the aggregates", at: place)
        )
    }

    /// The table behind all aggregates of a plan.
    func merged<TableKey>(
        _ plan: CogroupPlan<Key, Result>,
        _ materialized: Materialized<Key, Result>,
        keySerde: Serde<TableKey>,
        _ access: TableAccess<TableKey, Result>
    ) -> KTable<TableKey, Result> {
        let merge = plan.merge
        let upstreams = plan.nodes.map { Upstream<TableKey, Change<Result>>(node: $0) }
        graph.addNode(merge, parents: plan.nodes) { assembly in
            let outlet: Outlet<TableKey, Change<Result>> = try assembly.outlet(of: merge)
            let receiver = Receiver<TableKey, Change<Result>>(name: merge, context: assembly.context) {
                try outlet.forward($0)
            }
            for upstream in upstreams { try upstream.connect(assembly, receiver) }
        }
        return KTable(
            graph: graph,
            upstream: Upstream(node: merge),
            access: access,
            keySerde: keySerde,
            valueSerde: plan.results,
            queryableStoreName: materialized.name
        )
    }
}

extension CogroupedKStream.Branch {
    init<Value>(
        _ grouped: KGroupedStream<Key, Value>,
        isNil: (@Sendable (Value) -> Bool)?,
        lateTopic: String?,
        _ aggregator: @escaping @Sendable (Key, Value, Result) throws -> Result?
    ) {
        keySerde = grouped.keySerde
        input = { storeName, keys, node in
            CogroupStream(
                upstream: grouped.input(repartitionedAs: storeName, keys: keys, at: node),
                isNil: isNil,
                late: lateTopic.map { LateRecords(topic: $0, key: nil, value: grouped.valueSerde, name: nil) },
                aggregator: aggregator
            )
        }
    }
}

extension KGroupedStream {
    /// Begins an aggregate that other grouped streams of the same keys take part in (KIP-150).
    ///
    /// - Parameters:
    ///   - lateTopic: the topic for records of this stream that come too late for all windows, as they are; it must exist when the
    ///     application starts. Without windows it is refused.
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes it.
    @_disfavoredOverload
    public func cogroup<Result>(
        lateRecordsTo lateTopic: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?
    ) -> CogroupedKStream<Key, Result> {
        CogroupedKStream(graph: graph, branches: [.init(self, isNil: nil, lateTopic: lateTopic, aggregator)])
    }

    /// Begins an aggregate that other grouped streams take part in; the values may be nil.
    ///
    /// Without windows those are dropped; over time windows and sessions the aggregator sees them (S-17).
    ///
    /// - Parameters:
    ///   - lateTopic: the topic for records of this stream that come too late for all windows, as they are; it must exist when the
    ///     application starts. Without windows it is refused.
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes it.
    public func cogroup<Wrapped, Result>(
        lateRecordsTo lateTopic: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Wrapped?, _ aggregate: Result) throws -> Result?
    ) -> CogroupedKStream<Key, Result> where Value == Wrapped? {
        CogroupedKStream(graph: graph, branches: [.init(self, isNil: { $0 == nil }, lateTopic: lateTopic, aggregator)])
    }
}
