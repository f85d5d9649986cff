/// Several grouped streams that are folded into one aggregate a key; the counterpart of `CogroupedKStream` (KIP-150).
///
/// ```swift
/// clicks.groupByKey().cogroup { _, click, visit in visit.adding(click) }
///     .cogroup(purchases.groupByKey()) { _, purchase, visit in visit.adding(purchase) }
///     .aggregate(Visit(), as: "visits")
/// ```
public struct CogroupedKStream<Key, Result> {
    /// One stream with its aggregator: its values' type is known inside only.
    struct Branch {
        let keySerde: Serde<Key>?
        /// Gives the input, through a repartition topic if need be; called once per aggregation, in order.
        let input: (_ storeName: String, _ keys: Serde<Key>, _ node: String) -> any CogroupInput<Key, Result>
    }

    let graph: StreamsGraph
    let branches: [Branch]

    /// Adds another stream of the same keys.
    ///
    /// - Parameters:
    ///   - grouped: the stream.
    ///   - lateTopic: the topic for records of this stream that come too late for all windows, as they are; it must exist when the
    ///     application starts. Without windows it is refused.
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes it.
    @_disfavoredOverload
    public func cogroup<Value>(
        _ grouped: KGroupedStream<Key, Value>,
        lateRecordsTo lateTopic: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Value, _ aggregate: Result) throws -> Result?
    ) -> CogroupedKStream<Key, Result> {
        adding(.init(grouped, isNil: nil, lateTopic: lateTopic, aggregator))
    }

    /// Adds another stream of the same keys, whose values may be nil.
    ///
    /// Without windows those are dropped; over time windows and sessions the aggregator sees them (S-17).
    ///
    /// - Parameters:
    ///   - grouped: the stream.
    ///   - lateTopic: the topic for records of this stream that come too late for all windows, as they are; it must exist when the
    ///     application starts. Without windows it is refused.
    ///   - aggregator: gives the new aggregate from key, value and the old one; nil deletes it.
    public func cogroup<Wrapped>(
        _ grouped: KGroupedStream<Key, Wrapped?>,
        lateRecordsTo lateTopic: String? = nil,
        _ aggregator: @escaping @Sendable (Key, Wrapped?, _ aggregate: Result) throws -> Result?
    ) -> CogroupedKStream<Key, Result> {
        adding(.init(grouped, isNil: { $0 == nil }, lateTopic: lateTopic, aggregator))
    }

    private func adding(_ branch: Branch) -> CogroupedKStream<Key, Result> {
        CogroupedKStream(graph: graph, branches: branches + [branch])
    }

    /// Divides the records of each key into windows of time.
    public func windowedBy(_ windows: some Windows) -> TimeWindowedCogroupedKStream<Key, Result> {
        TimeWindowedCogroupedKStream(cogrouped: self, windowing: .time(windows))
    }

    /// Divides the records of each key into sliding windows.
    public func windowedBy(_ windows: SlidingWindows) -> TimeWindowedCogroupedKStream<Key, Result> {
        TimeWindowedCogroupedKStream(cogrouped: self, windowing: .sliding(windows))
    }

    /// Divides the records of each key into sessions.
    public func windowedBy(_ windows: SessionWindows) -> SessionWindowedCogroupedKStream<Key, Result> {
        SessionWindowedCogroupedKStream(cogrouped: self, windows: windows)
    }

    /// Folds the records of all streams into one aggregate a key.
    ///
    /// - Parameters:
    ///   - initial: what a key begins with; asked for again after the aggregate was deleted.
    ///   - materialized: the store; a text is its name.
    ///   - named: the beginning of the nodes' names in ``Topology/describe()``.
    public func aggregate(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil
    ) -> KTable<Key, Result> {
        let plan = nodes(materialized, named)
        let store = TableStore(materialized.definition(name: plan.store), plan.keys, plan.results)
        let demand = TableDemand(isStored: true)
        for (index, (node, input)) in zip(plan.nodes, plan.inputs).enumerated() {
            input.addAggregate(
                node, store: store, definesStore: index == 0, demand: demand, in: graph, initial)
        }
        return merged(plan, materialized, keySerde: plan.keys, TableAccess(store, demand))
    }
}
