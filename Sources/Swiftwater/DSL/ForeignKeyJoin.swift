/// Writes the nodes, topics and stores of a foreign-key join into the graph, with Kafka Streams' names (T-07, S-83).
///
/// A left row's change goes through the registration topic to the task of its foreign key, which keeps a subscription and answers
/// through the response topic, now and whenever the right row changes; the left row's task makes results of the answers.
struct ForeignKeyJoin<Key, Value, ForeignKey, ForeignValue, Result> {
    let left: KTable<Key, Value>
    let right: KTable<ForeignKey, ForeignValue>
    let joined: TableJoined<Key, ForeignKey>
    let isLeft: Bool
    let foreignKey: @Sendable (Key, Value) throws -> ForeignKey?
    let joiner: @Sendable (Value, ForeignValue?) throws -> Result?

    private typealias Response = SubscriptionResponse<ForeignValue>

    /// The names of a join's parts, numbered in Kafka Streams' order (S-90).
    private struct Names {
        let registrationTopic: String
        let registration: String
        let registrationSink: String
        let registrationSource: String
        let store: String
        let receive: String
        let join: String
        let rowChange: String
        let responseTopic: String
        let responseSink: String
        let responseSource: String
        let resolver: String
        let output: String

        init(_ name: String?, _ graph: StreamsGraph) {
            let fk = "KTABLE-FK-JOIN-"
            func next(_ suffix: String, or prefix: String) -> String {
                graph.name(name.map { $0 + suffix }, or: prefix)
            }
            registrationTopic =
                next("-subscription-registration", or: fk + "SUBSCRIPTION-REGISTRATION-") + "-topic"
            registration = next("-subscription-registration-processor", or: fk + "SUBSCRIPTION-REGISTRATION-")
            registrationSink = next("-subscription-registration-sink", or: "KTABLE-SINK-")
            registrationSource = next("-subscription-registration-source", or: "KTABLE-SOURCE-")
            store = next("-subscription-store", or: fk + "SUBSCRIPTION-STATE-STORE-")
            receive = next("-subscription-receive", or: fk + "SUBSCRIPTION-PROCESSOR-")
            join = next("-subscription-join-foreign", or: fk + "SUBSCRIPTION-PROCESSOR-")
            rowChange = next("-foreign-join-subscription", or: fk + "SUBSCRIPTION-PROCESSOR-")
            responseTopic = next("-subscription-response", or: fk + "SUBSCRIPTION-RESPONSE-") + "-topic"
            responseSink = next("-subscription-response-sink", or: "KTABLE-SINK-")
            responseSource = next("-subscription-response-source", or: "KTABLE-SOURCE-")
            resolver = next("-subscription-response-resolver", or: fk + "SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-")
            output = next("-result", or: fk + "OUTPUT-")
        }
    }

    func add(as materialized: Materialized<Key, Result>?) -> KTable<Key, Result> {
        let graph = left.graph
        left.access.requireOldValues()
        right.access.requireOldValues()
        let (leftRows, rightRows) = (left.access.requireView(), right.access.requireView())
        let names = Names(joined.name, graph)
        if graph !== right.graph {
            graph.fail(StreamsError(.invalidTopology, "the tables are of two builders", at: .init(node: names.output)))
        }
        let keys = graph.serde(left.keySerde, of: "the left keys", at: names.registration)
        let values = graph.serde(left.valueSerde, of: "the left values", at: names.registration)
        let foreignKeys = graph.serde(right.keySerde, of: "the right keys", at: names.registration)
        let foreignValues = graph.serde(right.valueSerde, of: "the right values", at: names.responseSink)
        addRegistration(graph, names, keys, values, foreignKeys)
        addSubscriptions(graph, names, rightRows, keys, foreignKeys)
        addResponses(graph, names, keys, foreignValues)
        let results = addResolver(graph, names, leftRows, values)
        let storeName = materialized?.name ?? graph.newStoreName("KTABLE-FK-JOIN-OUTPUT-")
        return KTable<Key, Result>.source(
            graph: graph,
            name: names.output,
            upstream: results,
            store: TableStore(
                (materialized ?? Materialized()).definition(name: storeName),
                materialized?.key ?? keys,
                graph.serde(materialized?.value, of: "the results", at: names.output)
            ),
            isStored: materialized?.isAsked ?? false
        )
    }

    // MARK: Parts

    /// The left row's change, to the registration topic.
    private func addRegistration(
        _ graph: StreamsGraph,
        _ names: Names,
        _ keys: Serde<Key>,
        _ values: Serde<Value>,
        _ foreignKeys: Serde<ForeignKey>
    ) {
        let (changes, isLeft, foreignKey) = (left.upstream, isLeft, foreignKey)
        let topic = names.registrationTopic
        let name = names.registration
        let otherPartitioner = joined.otherPartitioner
        graph.addNode(name, parents: [changes.node]) { assembly in
            let full = "\(assembly.context.settings.applicationID)-\(topic)"
            let processor = SubscriptionSend<Key, Value, ForeignKey>(
                name: name,
                context: assembly.context,
                isLeft: isLeft,
                hasher: ValueHasher(values, topic: full),
                foreignKeySerde: foreignKeys,
                partitioner: otherPartitioner,
                registrations: try assembly.context.output.topic(named: full),
                outlet: try assembly.outlet(of: name),
                foreignKey: foreignKey
            )
            try changes.connect(assembly, processor.receiver)
        }
        let partitioner = otherPartitioner.map { given in
            StreamPartitioner<ForeignKey?, Subscription<Key>>(orDefault: { foreignKey, _, count in
                try foreignKey.flatMap { try given.partition($0, (), count) }
            })
        }
        graph.addSink(
            names.registrationSink,
            after: Upstream(node: name),
            topic: topic,
            isInternal: true,
            key: Serde<ForeignKey?>.optional(foreignKeys),
            value: Subscription.serde(keys),
            partitioner: partitioner
        )
        graph.addRepartitionTopic(topic, nil, isFollower: true)
        let source: Upstream<ForeignKey?, Subscription<Key>> = graph.addSource(
            names.registrationSource,
            topics: [topic],
            isInternal: true,
            key: Serde<ForeignKey?>.optional(foreignKeys),
            value: Subscription.serde(keys),
            extractor: FailOnInvalidTimestamp(),
            reset: .earliest
        )
        assert(source.node == names.registrationSource)
    }

    /// What the task of a foreign key does with a subscription, and with a change of the right row.
    private func addSubscriptions(
        _ graph: StreamsGraph,
        _ names: Names,
        _ rows: TableView<ForeignKey, ForeignValue>,
        _ keys: Serde<Key>,
        _ foreignKeys: Serde<ForeignKey>
    ) {
        let changes = right.upstream
        let (topic, store, receive, join, rowChange) =
            (names.registrationTopic, names.store, names.receive, names.join, names.rowChange)
        let definition = StoreDefinition(name: store, kind: .timestampedKeyValue)
        let subscriptions = { @Sendable (assembly: TaskAssembly) in
            SubscriptionStore(
                try assembly.store(named: store),
                foreignKeys,
                keys,
                topic: "\(assembly.context.settings.applicationID)-\(topic)"
            )
        }
        let source = names.registrationSource
        graph.addNode(receive, parents: [source], stores: [store], defining: [definition]) { assembly in
            let processor = SubscriptionReceive<ForeignKey, Key>(
                name: receive,
                context: assembly.context,
                subscriptions: try subscriptions(assembly),
                outlet: try assembly.outlet(of: receive)
            )
            try Upstream(node: source).connect(assembly, processor.receiver)
        }
        graph.addNode(join, parents: [receive], stores: rows.stores) { assembly in
            let rows = try rows.open(assembly)
            let processor = SubscriptionJoin<ForeignKey, Key, ForeignValue>(
                name: join,
                context: assembly.context,
                outlet: try assembly.outlet(of: join)
            ) { try rows.told($0) }
            try Upstream(node: receive).connect(assembly, processor.receiver)
        }
        graph.addNode(rowChange, parents: [changes.node], stores: [store]) { assembly in
            let processor = ForeignRowChange<ForeignKey, Key, ForeignValue>(
                name: rowChange,
                context: assembly.context,
                subscriptions: try subscriptions(assembly),
                outlet: try assembly.outlet(of: rowChange)
            )
            try changes.connect(assembly, processor.receiver)
        }
    }

    /// The answers, to the response topic and the partition of their left rows (S-85).
    private func addResponses(
        _ graph: StreamsGraph,
        _ names: Names,
        _ keys: Serde<Key>,
        _ foreignValues: Serde<ForeignValue>
    ) {
        let given = joined.partitioner
        let partitioner = StreamPartitioner<Key, Response>(orDefault: { key, response, count in
            if let given { return try given.partition(key, (), count) }
            return response.primaryPartition
        })
        let answers: [Upstream<Key, Response>] = [Upstream(node: names.join), Upstream(node: names.rowChange)]
        graph.addSink(
            names.responseSink,
            after: answers.map(\.node),
            topic: names.responseTopic,
            isInternal: true
        ) { site, assembly in
            let receiver = site.receiver(key: keys, value: Response.serde(foreignValues), partitioner: partitioner)
            for answer in answers { try answer.connect(assembly, receiver) }
        }
        graph.addRepartitionTopic(names.responseTopic, nil, isFollower: true)
        let source: Upstream<Key, Response> = graph.addSource(
            names.responseSource,
            topics: [names.responseTopic],
            isInternal: true,
            key: keys,
            value: Response.serde(foreignValues),
            extractor: FailOnInvalidTimestamp(),
            reset: .earliest
        )
        assert(source.node == names.responseSource)
    }

    /// The results, in the left row's task.
    private func addResolver(
        _ graph: StreamsGraph,
        _ names: Names,
        _ rows: TableView<Key, Value>,
        _ values: Serde<Value>
    ) -> Upstream<Key, Result?> {
        let (isLeft, foreignKey, joiner) = (isLeft, foreignKey, joiner)
        let (name, topic, source) = (names.resolver, names.registrationTopic, names.responseSource)
        let registration = names.registration
        graph.addNode(name, parents: [source], stores: rows.stores) { assembly in
            let rows = try rows.open(assembly)
            let processor = ResponseJoin<Key, Value, ForeignKey, ForeignValue, Result>(
                name: name,
                context: assembly.context,
                isLeft: isLeft,
                hasher: ValueHasher(values, topic: "\(assembly.context.settings.applicationID)-\(topic)"),
                outlet: try assembly.outlet(of: name),
                subscriptions: try assembly.outlet(of: registration),
                row: { try rows.told($0) },
                foreignKey: foreignKey,
                joiner: joiner
            )
            try Upstream<Key, Response>(node: source).connect(assembly, processor.receiver)
        }
        return Upstream(node: name)
    }
}
