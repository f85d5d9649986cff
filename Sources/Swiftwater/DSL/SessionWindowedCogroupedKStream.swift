/// Several grouped streams divided into sessions; the counterpart of `SessionWindowedCogroupedKStream`.
public struct SessionWindowedCogroupedKStream<Key, Result> {
    let cogrouped: CogroupedKStream<Key, Result>
    let windows: SessionWindows

    /// Folds the records of all streams into one aggregate a key and session.
    ///
    /// - Parameters:
    ///   - initial: what a session begins with.
    ///   - materialized: the store; a text is its name.
    ///   - named: the beginning of the nodes' names in ``Topology/describe()``.
    ///   - merger: gives the aggregate of two sessions that grow together, the earlier first (S-54).
    public func aggregate(
        _ initial: @autoclosure @escaping @Sendable () -> Result,
        as materialized: Materialized<Key, Result> = Materialized(),
        named: String? = nil,
        merger: @escaping @Sendable (Key, _ earlier: Result, _ later: Result) throws -> Result
    ) -> KTable<Windowed<Key>, Result> {
        let graph = cogrouped.graph
        let plan = cogrouped.nodes(materialized, named)
        let aggregation = SessionAggregation<Key, Result>(
            windows: windows,
            emit: .onWindowUpdate,
            store: windows.store(plan.store, materialized, .onWindowUpdate, graph, plan.merge),
            keys: plan.keys,
            results: plan.results
        )
        let demand = TableDemand(isStored: true)
        for (index, (node, input)) in zip(plan.nodes, plan.inputs).enumerated() {
            input.addSessions(
                node, aggregation, definesStore: index == 0, demand: demand, in: graph, initial, merger)
        }
        return cogrouped.merged(
            plan, materialized, keySerde: .sessionWindowed(plan.keys), aggregation.access(demand))
    }
}
