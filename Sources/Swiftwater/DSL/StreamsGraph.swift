/// What a builder has been told so far, in the order in which it was told.
///
/// Nodes are written into the topology only at `build()`, because later operators may change what earlier ones do
/// (a join asks its table for old values). Mistakes are kept and thrown there too, so that a chain reads without `try`.
final class StreamsGraph {
    private var index = 0
    private var steps: [(TopologyWriter) throws -> Void] = []
    private var firstError: StreamsError?

    // MARK: Names

    /// The next generated name: Kafka Streams' prefix and a number that every operator uses up (TP-05, S-90).
    func newName(_ prefix: String) -> String {
        let digits = String(index)
        index += 1
        return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }

    func newStoreName(_ prefix: String) -> String { newName(prefix + "STATE-STORE-") }

    /// The user's name or a generated one; either way a number is used up.
    func name(_ name: String?, or prefix: String) -> String {
        let generated = newName(prefix)
        return name ?? generated
    }

    // MARK: Writing

    func add(_ step: @escaping (TopologyWriter) throws -> Void) {
        steps.append(step)
    }

    func fail(_ error: StreamsError) {
        if firstError == nil { firstError = error }
    }

    func topology() throws -> Topology {
        if let firstError { throw firstError }
        let writer = TopologyWriter()
        for step in steps { try step(writer) }
        return try writer.topology()
    }

    // MARK: Nodes

    /// Adds an operator: `make` gives the running node, which forwards to the outlet.
    func addProcessor<InKey, InValue, OutKey, OutValue>(
        _ name: String,
        after upstreams: [Upstream<InKey, InValue>],
        store: StoreDefinition? = nil,
        _ make:
            @escaping @Sendable (TaskAssembly, Outlet<OutKey, OutValue>) throws -> Processor<InKey, InValue>
    ) -> Upstream<OutKey, OutValue> {
        add { writer in
            if let store { try writer.add(store) }
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .processor(stores: store.map { [$0.name] } ?? []),
                    parents: upstreams.map(\.node)
                ) { assembly in
                    let processor = try make(assembly, try assembly.outlet(of: name))
                    for upstream in upstreams { try upstream.connect(assembly, processor) }
                }
            )
        }
        return Upstream(node: name)
    }

    func addSource<Key, Value>(
        _ name: String,
        topics: [String],
        isInternal: Bool,
        key: Serde<Key>,
        value: Serde<Value>,
        extractor: (any TimestampExtractor)?,
        reset: OffsetReset?
    ) -> Upstream<Key, Value> {
        add { writer in
            try writer.addSource(
                NodeDefinition(
                    name: name,
                    kind: .source(topics: topics, isInternal: isInternal),
                    parents: [],
                    offsetReset: reset
                ) { assembly in
                    let settings = assembly.context.settings
                    let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
                    for topic in topics {
                        let topic = isInternal ? "\(settings.applicationID)-\(topic)" : topic
                        assembly.add(
                            SourceQueue(
                                source: TopicPartition(topic, assembly.context.taskID.partition),
                                node: name,
                                keySerde: key,
                                valueSerde: value,
                                extractor: extractor ?? settings.timestampExtractor,
                                outlet: outlet,
                                context: assembly.context
                            )
                        )
                    }
                }
            )
        }
        return Upstream(node: name)
    }

    func addSink<Key, Value>(
        _ name: String,
        after upstream: Upstream<Key, Value>,
        topic: String,
        isInternal: Bool,
        key: Serde<Key>,
        value: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>?
    ) {
        add { writer in
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .sink(topic: topic, isInternal: isInternal),
                    parents: [upstream.node]
                ) { assembly in
                    let applicationID = assembly.context.settings.applicationID
                    let sink = Sink(
                        name: name,
                        context: assembly.context,
                        topic: try assembly.context.output.topic(
                            named: isInternal ? "\(applicationID)-\(topic)" : topic
                        ),
                        keySerde: key,
                        valueSerde: value,
                        partitioner: partitioner
                    )
                    try upstream.connect(assembly, sink)
                }
            )
        }
    }

    /// Sends records through a topic of their own to the task of their key; records without a key end here (S-28).
    func addRepartition<InKey, Key, Value>(
        after upstream: Upstream<InKey, Value>,
        prefix: String,
        key: Serde<Key>,
        value: Serde<Value>,
        partitionCount: Int32? = nil,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        narrow: @escaping @Sendable (InKey) -> Key?
    ) -> Upstream<Key, Value> {
        let topic = prefix.hasSuffix("-repartition") ? prefix : prefix + "-repartition"
        let generated = burnRepartitionNames()
        let isGenerated = Self.isGenerated(prefix)
        let filter: Upstream<Key, Value> = addProcessor(
            isGenerated ? generated.filter : topic + "-filter",
            after: [upstream]
        ) { [name = isGenerated ? generated.filter : topic + "-filter"] assembly, outlet in
            Adapter(name: name, context: assembly.context) { record in
                if let key = narrow(record.key) { try outlet.forward(record.with(key: key)) }
            }
        }
        addSink(
            isGenerated ? generated.sink : topic + "-sink",
            after: filter,
            topic: topic,
            isInternal: true,
            key: key,
            value: value,
            partitioner: partitioner
        )
        add { writer in writer.add(RepartitionTopic(name: topic, partitionCount: partitionCount)) }
        return addSource(
            isGenerated ? generated.source : topic + "-source",
            topics: [topic],
            isInternal: true,
            key: key,
            value: value,
            extractor: FailOnInvalidTimestamp(),
            reset: .earliest
        )
    }

    /// Uses up the three numbers of a repartition, which Kafka Streams does also where it needs none (S-90).
    @discardableResult
    func burnRepartitionNames() -> (sink: String, filter: String, source: String) {
        (newName("KSTREAM-SINK-"), newName("KSTREAM-FILTER-"), newName("KSTREAM-SOURCE-"))
    }

    /// Whether a name is one that the library numbered: `KSTREAM…-0123456789`.
    private static func isGenerated(_ name: String) -> Bool {
        let digits = name.suffix(10)
        return name.hasPrefix("KSTREAM") && digits.count == 10 && digits.allSatisfy { $0.isASCII && $0.isNumber }
            && name.dropLast(10).hasSuffix("-")
    }
}
