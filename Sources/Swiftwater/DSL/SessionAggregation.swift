/// What the nodes of one aggregation over sessions share: one node, or one for each stream of a cogroup.
struct SessionAggregation<Key, Result>: Sendable {
    let windows: SessionWindows
    let emit: EmitStrategy
    let store: StoreDefinition
    let keys: Serde<Key>
    let results: Serde<Result>

    /// Adds the node that aggregates one stream.
    func addNode<Value>(
        _ name: String,
        after input: Upstream<Key, Value>,
        definesStore: Bool,
        demand: TableDemand,
        late: LateRecords<Key, Value>?,
        in graph: StreamsGraph,
        _ functions: SessionWindowAggregate<Key, Value, Result>.Functions
    ) {
        graph.addNode(
            name,
            parents: [input.node],
            stores: [store.name],
            defining: definesStore ? [store] : [],
            windowGrace: windows.grace.milliseconds + windows.inactivityGap.milliseconds,
            demand: demand
        ) { assembly, sendsOldValues in
            let context = assembly.context
            let typed = try open(assembly)
            let isCached = assembly.isCached(store)
            typed.bytes.segmentState?.readsWholeSegments = isCached
            let changes = WindowedChanges(
                store: typed,
                outlet: try assembly.outlet(of: name),
                isCached: isCached,
                sendsOldValues: sendsOldValues
            )
            assembly.onFlush(of: store) { try changes.flushCache() }
            let processor = SessionWindowAggregate(
                name: name,
                context: context,
                windows: windows,
                store: typed,
                changes: changes,
                late: try late.map { _ in try assembly.outlet(of: LateRecords<Key, Value>.outlet(of: name)) },
                emit: emit,
                functions: functions
            )
            try input.connect(assembly, processor.receiver)
        }
        late?.addSink(after: name, in: graph, keys: keys)
    }

    /// The store as one operator of a task uses it.
    private func open(_ assembly: TaskAssembly) throws -> SessionStore<Key, Result> {
        SessionStore(
            try assembly.store(named: store.name), keySerde: keys, valueSerde: results, context: assembly.context)
    }

    /// How operators ask the table of aggregates for more than its changes.
    func access(_ demand: TableDemand) -> TableAccess<Windowed<Key>, Result> {
        TableAccess(isVersioned: false) { _ in
            demand.sendsOldValues = true
            return true
        } requireView: {
            TableView(stores: [store.name]) { assembly in
                let typed = try open(assembly)
                let isCached = assembly.isCached(store)
                return TableLookup { windowed in
                    try typed.value(of: windowed.key, windowed.window).map { ($0, windowed.window.end) }
                } told: { windowed in
                    try typed.value(of: windowed.key, windowed.window, asCommitted: isCached)
                        .map { ($0, windowed.window.end) }
                }
            }
        }
    }
}

extension SessionWindows {
    /// The store of an aggregation over sessions; settings that contradict each other are refused at `build()`.
    func store<Key, Result>(
        _ name: String,
        _ materialized: Materialized<Key, Result>,
        _ emit: EmitStrategy,
        _ graph: StreamsGraph,
        _ node: String
    ) -> StoreDefinition {
        let gap = inactivityGap.milliseconds
        if gap < 1 || grace < .zero {
            graph.fail(
                StreamsError(
                    .invalidTopology,
                    "sessions need a gap of a millisecond at least and a grace that is not negative, not \(inactivityGap) and \(grace)",
                    at: .init(node: node)
                )
            )
        }
        let (needed, overflow) = gap.addingReportingOverflow(grace.milliseconds)
        let retention = graph.retention(materialized, atLeast: overflow ? .max : needed, node)
        return materialized.definition(
            name: name,
            kind: .session(
                Segments(retention: retention, width: emit == .onWindowClose ? max(1, gap) : nil)
            ),
            isCached: materialized.isCached && emit == .onWindowUpdate
        )
    }
}
