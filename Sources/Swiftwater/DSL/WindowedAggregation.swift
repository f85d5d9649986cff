/// What the nodes of one windowed aggregation share: one node, or one for each stream of a cogroup.
struct WindowedAggregation<Key, Result>: Sendable {
    let windowing: TimeWindowing
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
        isNil: (@Sendable (Value) -> Bool)?,
        in graph: StreamsGraph,
        _ update: @escaping @Sendable (Key, Value, Result?) throws -> Result?
    ) {
        graph.addNode(
            name,
            parents: [input.node],
            stores: [store.name],
            defining: definesStore ? [store] : [],
            windowGrace: windowing.grace.milliseconds,
            demand: demand
        ) { assembly, sendsOldValues in
            let context = assembly.context
            let typed = try open(assembly)
            let isCached = assembly.isCached(store)
            typed.bytes.segmentState?.readsWholeSegments = isCached || emit == .onWindowClose && windowing.isOfTime
            let changes = WindowedChanges(
                store: typed,
                outlet: try assembly.outlet(of: name),
                isCached: isCached,
                sendsOldValues: sendsOldValues
            )
            assembly.onFlush(of: store) { try changes.flushCache() }
            let late = try late.map { _ in
                try assembly.outlet(of: LateRecords<Key, Value>.outlet(of: name)) as Outlet<Key, Value>
            }
            let processor: Processor<Key, Value>
            switch windowing {
            case .time(let windows):
                processor = timed(name, context, windows, typed, changes, late, update)
            case .sliding(let windows):
                processor = SlidingWindowAggregate(
                    name: name,
                    context: context,
                    windows: windows,
                    store: typed,
                    changes: changes,
                    late: late,
                    emit: emit,
                    isNil: isNil,
                    update: update
                )
            }
            try input.connect(assembly, processor.receiver)
        }
        late?.addSink(after: name, in: graph, keys: keys)
    }

    /// The store as one operator of a task uses it.
    private func open(_ assembly: TaskAssembly) throws -> WindowStore<Key, Result> {
        WindowStore(
            try assembly.store(named: store.name),
            keySerde: keys,
            valueSerde: results,
            windowSize: windowing.size.milliseconds,
            windowEnd: windowing.end,
            context: assembly.context
        )
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
                func value(
                    _ windowed: Windowed<Key>,
                    asCommitted: Bool
                ) throws -> (value: Result, timestamp: Timestamp)? {
                    try typed.setKey(windowed.key)
                    return try typed.current(at: windowed.window.start.rawValue, asCommitted: asCommitted)
                }
                return TableLookup { windowed in
                    try value(windowed, asCommitted: false)
                } told: { windowed in
                    try value(windowed, asCommitted: isCached)
                }
            }
        }
    }

    private func timed<Value, W: Windows>(
        _ name: String,
        _ context: TaskContext,
        _ windows: W,
        _ store: WindowStore<Key, Result>,
        _ changes: WindowedChanges<WindowStore<Key, Result>>,
        _ late: Outlet<Key, Value>?,
        _ update: @escaping @Sendable (Key, Value, Result?) throws -> Result?
    ) -> Processor<Key, Value> {
        WindowAggregate(
            name: name,
            context: context,
            windows: windows,
            store: store,
            changes: changes,
            late: late,
            emit: emit,
            update: update
        )
    }
}

extension TimeWindowing {
    /// The store of an aggregation over these windows; settings that contradict each other are refused at `build()`.
    func store<Key, Result>(
        _ name: String,
        _ materialized: Materialized<Key, Result>,
        _ emit: EmitStrategy,
        _ graph: StreamsGraph,
        _ node: String
    ) -> StoreDefinition {
        if let objection { graph.fail(StreamsError(.invalidTopology, objection, at: .init(node: node))) }
        if emit == .onWindowClose, case .time(let windows) = self, windows is UnlimitedWindows {
            graph.fail(
                StreamsError(
                    .invalidTopology, "unlimited windows never close: emit with every update", at: .init(node: node)))
        }
        let retention = graph.retention(materialized, atLeast: retention, node)
        return materialized.definition(
            name: name,
            kind: .timestampedWindow(
                Segments(retention: retention, width: emit == .onWindowClose ? finalWidth : nil)
            ),
            isCached: materialized.isCached && emit == .onWindowUpdate
        )
    }
}

extension StreamsGraph {
    /// What the user asks a windowed store to keep; less than its windows need is refused (S-59).
    func retention<Key, Value>(
        _ materialized: Materialized<Key, Value>,
        atLeast needed: Int64,
        _ node: String
    ) -> Int64 {
        if materialized.history != nil {
            fail(
                StreamsError(
                    .invalidTopology,
                    "a windowed store keeps no history of versions; ask for a longer retention instead",
                    at: .init(node: node)
                )
            )
        }
        guard let asked = materialized.retention else { return needed }
        if asked.milliseconds < needed {
            fail(
                StreamsError(
                    .invalidTopology,
                    "a retention of \(asked) is less than the \(needed) ms that the windows and their grace need",
                    at: .init(node: node)
                )
            )
        }
        return max(asked.milliseconds, needed)
    }
}
