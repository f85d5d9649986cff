/// One stream of a cogroup, as the aggregation over it sees it: the type of its values stays behind this.
protocol CogroupInput<Key, Result> {
    associatedtype Key
    associatedtype Result

    func addAggregate(
        _ node: String,
        store: TableStore<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result
    )

    func addWindowed(
        _ node: String,
        _ aggregation: WindowedAggregation<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result
    )

    func addSessions(
        _ node: String,
        _ aggregation: SessionAggregation<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result,
        _ merger: @escaping @Sendable (Key, Result, Result) throws -> Result
    )
}

/// A stream of a cogroup with its aggregator.
struct CogroupStream<Key, Value, Result>: CogroupInput {
    let upstream: Upstream<Key, Value>
    let isNil: (@Sendable (Value) -> Bool)?
    let late: LateRecords<Key, Value>?
    let aggregator: @Sendable (Key, Value, Result) throws -> Result?

    func addAggregate(
        _ node: String,
        store: TableStore<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result
    ) {
        if let late {
            graph.fail(
                StreamsError(
                    .invalidTopology,
                    "nothing is late without windows, so nothing goes to \(late.topic): divide the cogroup with windowedBy(…)",
                    at: .init(node: node)))
        }
        graph.addNode(
            node,
            parents: [upstream.node],
            stores: [store.definition.name],
            defining: definesStore ? [store.definition] : [],
            demand: demand
        ) { assembly, sendsOldValues in
            let context = assembly.context
            let (typed, changes) = try store.open(
                assembly, outlet: try assembly.outlet(of: node), sendsOldValues: sendsOldValues)
            let aggregate: Receiver<Key, Value> = aggregation(node, context, typed, changes) {
                try aggregator($0, $1, $2 ?? initial())
            }
            // S-17: without windows a record without a value is dropped.
            guard let isNil else { return try upstream.connect(assembly, aggregate) }
            let narrow = Receiver<Key, Value>(name: node, context: context) { record in
                if isNil(record.value) { return context.drop(.nullValue, node: node) }
                try aggregate.receive(record)
            }
            try upstream.connect(assembly, narrow)
        }
    }

    func addWindowed(
        _ node: String,
        _ aggregation: WindowedAggregation<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result
    ) {
        aggregation.addNode(
            node, after: upstream, definesStore: definesStore, demand: demand, late: late, isNil: isNil, in: graph
        ) {
            try aggregator($0, $1, $2 ?? initial())
        }
    }

    func addSessions(
        _ node: String,
        _ aggregation: SessionAggregation<Key, Result>,
        definesStore: Bool,
        demand: TableDemand,
        in graph: StreamsGraph,
        _ initial: @escaping @Sendable () -> Result,
        _ merger: @escaping @Sendable (Key, Result, Result) throws -> Result
    ) {
        aggregation.addNode(
            node,
            after: upstream,
            definesStore: definesStore,
            demand: demand,
            late: late,
            in: graph,
            .init(
                initial: { initial() },
                update: { try aggregator($0, $1, $2 ?? initial()) },
                merge: { try merger($0, $1 ?? initial(), $2) }
            )
        )
    }
}
