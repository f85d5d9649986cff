/// Several grouped streams divided into windows of time; the counterpart of `TimeWindowedCogroupedKStream`.
public struct TimeWindowedCogroupedKStream<Key, Result> {
    let cogrouped: CogroupedKStream<Key, Result>
    let windowing: TimeWindowing

    /// Folds the records of all streams into one aggregate a key and window.
    ///
    /// - Parameters:
    ///   - initial: what a window begins with; asked for again after the aggregate was deleted.
    ///   - materialized: the store; a text is its name.
    ///   - named: the beginning of the nodes' names in ``Topology/describe()``.
    public func aggregate(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil
    ) -> KTable<Windowed<Key>, Result> {
        let graph = cogrouped.graph
        let plan = cogrouped.nodes(materialized, named)
        let aggregation = WindowedAggregation<Key, Result>(
            windowing: windowing,
            emit: .onWindowUpdate,
            store: windowing.store(plan.store, materialized, .onWindowUpdate, graph, plan.merge),
            keys: plan.keys,
            results: plan.results
        )
        let demand = TableDemand(isStored: true)
        for (index, (node, input)) in zip(plan.nodes, plan.inputs).enumerated() {
            input.addWindowed(node, aggregation, definesStore: index == 0, demand: demand, in: graph, initial)
        }
        return cogrouped.merged(
            plan,
            materialized,
            keySerde: windowing.serde(plan.keys),
            aggregation.access(demand)
        )
    }
}
