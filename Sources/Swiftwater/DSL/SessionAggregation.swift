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
        hasLate: Bool = false,
        in graph: StreamsGraph,
        _ functions: SessionWindowAggregate<Key, Value, Result>.Functions
    ) {
        graph.addNode(
            name,
            parents: [input.node],
            stores: [store.name],
            defining: definesStore ? [store] : [],
            windowGrace: windows.grace.milliseconds + windows.inactivityGap.milliseconds
        ) { assembly in
            let context = assembly.context
            let typed = SessionStore(
                try assembly.store(named: store.name), keySerde: keys, valueSerde: results, context: context)
            let isCached = store.isCached && context.settings.isCachingEnabled
            typed.bytes.segmentState?.readsWholeSegments = isCached
            let changes = WindowedChanges(
                store: typed,
                outlet: try assembly.outlet(of: name),
                isCached: isCached,
                sendsOldValues: false
            )
            assembly.onFlush(of: store) { try changes.flushCache() }
            let processor = SessionWindowAggregate(
                name: name,
                context: context,
                windows: windows,
                store: typed,
                changes: changes,
                late: hasLate ? try assembly.outlet(of: LateRecords<Key, Value>.outlet(of: name)) : nil,
                emit: emit,
                functions: functions
            )
            try input.connect(assembly, processor.receiver)
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
        let retention = graph.retention(materialized.retention, atLeast: overflow ? .max : needed, node)
        return materialized.definition(
            name: name,
            kind: .session(
                Segments(
                    retention: retention,
                    width: emit == .onWindowClose ? max(1, gap) : nil,
                    isStrict: materialized.storeType == .inMemory
                )
            ),
            isCached: materialized.isCached && emit == .onWindowUpdate
        )
    }
}
