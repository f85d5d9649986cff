/// Writes the node of a stream-table join into the graph, with Kafka Streams' names, topics and stores.
struct StreamTableJoin<Key, Value, TableValue, Result> {
    let table: KTable<Key, TableValue>
    let joined: Joined<Key, Value, TableValue>
    let isLeft: Bool
    let joiner: @Sendable (Key?, Value, TableValue?) throws -> Result

    /// The join of a stream whose records all have a key where they have a result.
    func addKeyed(_ stream: StreamJoinInput<Key, Value>, of graph: StreamsGraph) -> KStream<Key, Result> {
        let joined = add(stream, of: graph)
        return KStream<Key, Result>(
            graph: graph,
            upstream: joined.upstream.unwrappingKey(),
            keySerde: keySerde(stream),
            valueSerde: nil,
            isRepartitionRequired: false
        )
    }

    func add(_ stream: StreamJoinInput<Key, Value>, of graph: StreamsGraph) -> KStream<Key?, Result> {
        let place = joined.name ?? stream.upstream.node
        if graph !== table.graph {
            graph.fail(StreamsError(.invalidTopology, "stream and table are of two builders", at: .init(node: place)))
        }
        let keys = keySerde(stream)
        let values = joined.value ?? stream.valueSerde
        let input = repartitioned(stream, graph, keys, values, place)
        let name = graph.name(joined.name, or: isLeft ? "KSTREAM-LEFTJOIN-" : "KSTREAM-JOIN-")
        if let grace = joined.gracePeriod {
            addGraceful(
                name, input, graph, grace, graph.serde(keys, of: "the keys", at: name),
                graph.serde(values, of: "the values of the stream", at: name))
        } else {
            addDirect(name, input, graph)
        }
        return KStream(
            graph: graph,
            upstream: Upstream(node: name),
            keySerde: keys.map { .optional($0) },
            valueSerde: nil,
            isRepartitionRequired: false
        )
    }

    private func keySerde(_ stream: StreamJoinInput<Key, Value>) -> Serde<Key>? {
        joined.key ?? stream.keySerde ?? table.keySerde
    }

    private func addDirect(_ name: String, _ input: Upstream<Key?, Value?>, _ graph: StreamsGraph) {
        let (rows, isLeft, joiner) = (table.access.requireView(), isLeft, joiner)
        graph.addNode(name, parents: [input.node], stores: rows.stores) { assembly in
            let context = assembly.context
            let outlet: Outlet<Key?, Result> = try assembly.outlet(of: name)
            let rows = try rows.open(assembly)
            let receiver = Receiver<Key?, Value?>(name: name, context: context) { record in
                guard let value = record.value else {
                    return context.drop(record.key == nil ? .nullKey : .nullValue, node: name)
                }
                if record.key == nil, !isLeft { return context.drop(.nullKey, node: name) }
                let row = try record.key.flatMap { try rows.valueAsOf($0, record.timestamp)?.value }
                if isLeft || row != nil {
                    try outlet.forward(record.with(value: try joiner(record.key, value, row)))
                }
            }
            try input.connect(assembly, receiver)
        }
    }

    private func addGraceful(
        _ name: String,
        _ input: Upstream<Key?, Value?>,
        _ graph: StreamsGraph,
        _ grace: Duration,
        _ keys: Serde<Key>,
        _ values: Serde<Value>
    ) {
        let (rows, isLeft, joiner) = (table.access.requireView(), isLeft, joiner)
        let buffer = StoreDefinition(name: name + "-Buffer", kind: .keyValue)
        graph.add { writer in
            for store in rows.stores { try Self.requireHistory(writer.store(named: store), of: grace, at: name) }
        }
        graph.addNode(
            name, parents: [input.node], stores: [buffer.name] + rows.stores, defining: [buffer]
        ) { assembly in
            let rows = try rows.open(assembly)
            let processor = GracefulTableJoin<Key, Value, Result>(
                name: name,
                context: assembly.context,
                isLeft: isLeft,
                store: try assembly.store(named: buffer.name),
                grace: grace.milliseconds,
                keySerde: keys,
                valueSerde: values,
                outlet: try assembly.outlet(of: name)
            ) { key, value, time in
                let row = try key.flatMap { try rows.valueAsOf($0, time)?.value }
                return isLeft || row != nil ? .some(try joiner(key, value, row)) : nil
            }
            try input.connect(assembly, processor.receiver)
        }
    }

    /// Refuses a table that could not tell the version of a record's time once its grace period is over (S-78).
    private static func requireHistory(_ store: StoreDefinition?, of grace: Duration, at name: String) throws {
        guard let store, case .versioned(let segments) = store.kind else {
            throw StreamsError(
                .invalidTopology,
                "a join with a grace period needs the table's versions: keep it in a versioned store",
                at: .init(node: name)
            )
        }
        if grace.milliseconds > segments.retention {
            throw StreamsError(
                .invalidTopology,
                "the grace period of \(grace) is longer than the table's history of \(segments.retention) ms",
                at: .init(node: name, store: store.name)
            )
        }
    }

    /// Sends a stream whose keys may have changed through a topic; that of a left join also takes what has no key (S-28).
    private func repartitioned(
        _ stream: StreamJoinInput<Key, Value>,
        _ graph: StreamsGraph,
        _ keys: Serde<Key>?,
        _ values: Serde<Value>?,
        _ place: String
    ) -> Upstream<Key?, Value?> {
        guard stream.isRepartitionRequired else { return stream.upstream }
        let keys = graph.serde(keys, of: "the keys", at: place)
        return graph.addJoinRepartition(
            after: stream.upstream,
            name: joined.name,
            key: keys,
            value: graph.serde(values, of: "the values of the stream", at: place),
            keepsNullKeys: isLeft,
            detour: stream.detour
        )
    }
}
