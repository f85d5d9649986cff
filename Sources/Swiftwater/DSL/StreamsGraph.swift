/// What a builder has been told so far, in the order in which it was told.
///
/// Nodes are written into the topology only at `build()`, because later operators may change what earlier ones do
/// (a join asks its table for old values). Mistakes are kept and thrown there too, so that a chain reads without `try`.
@usableFromInline
final class StreamsGraph {
    private let configuration: TopologyConfiguration
    private var index = 0
    private var generatedNames = GeneratedNames()
    private var steps: [Step] = []
    private var firstError: StreamsError?
    /// The topics of tables, by their source nodes.
    private var tables: [String: String] = [:]
    /// The latest repartitions for joins, by the node before them: `JoinRepartition`s.
    private var joinRepartitions: [String: Any] = [:]
    private var repartitions: [RepartitionRequest] = []
    /// How the operators of streams follow each other.
    private var shape = StreamShape()

    /// What is told to a topology when it is built.
    private enum Step {
        case write((TopologyWriter) throws -> Void)
        /// One of `repartitions`, unless that is merged with others.
        case repartition(Int)
    }

    @usableFromInline
    init(_ configuration: TopologyConfiguration) {
        self.configuration = configuration
    }

    // MARK: Names

    /// The next generated name: Kafka Streams' prefix and a number that every operator uses up (TP-05, S-90).
    @usableFromInline
    func newName(_ prefix: String) -> String {
        let digits = String(index)
        index += 1
        let name = prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        generatedNames.insert(name)
        return name
    }

    /// Notes a name that was made of a generated one's number.
    func noteGenerated(_ name: String) {
        generatedNames.insert(name)
    }

    @usableFromInline
    func newStoreName(_ prefix: String) -> String { newName(prefix + "STATE-STORE-") }

    /// The user's name or a generated one; either way a number is used up.
    @usableFromInline
    func name(_ name: String?, or prefix: String) -> String {
        let generated = newName(prefix)
        return name ?? generated
    }

    // MARK: Writing

    /// Notes that a source is that of a table, whose topic may serve as changelog.
    @usableFromInline
    func noteTable(_ source: String, topic: String) {
        tables[source] = topic
    }

    /// Notes what an operator of streams does, by which repartitions are merged.
    @usableFromInline
    func note(_ node: String, _ kind: StreamShape.Kind, after parents: [String]) {
        shape.add(node, kind, after: parents)
    }

    func add(_ step: @escaping (TopologyWriter) throws -> Void) {
        steps.append(.write(step))
    }

    @usableFromInline
    func fail(_ error: StreamsError) {
        if firstError == nil { firstError = error }
    }

    func topology(optimizing optimizations: TopologyOptimizations) throws -> Topology {
        if let firstError { throw firstError }
        let merging =
            optimizations.contains(.mergeRepartitionTopics)
            ? RepartitionMerging(repartitions, shape) : RepartitionMerging(repartitions)
        let writer = TopologyWriter(optimizations: optimizations, merging: merging)
        for step in steps {
            switch step {
            case .write(let write):
                try write(writer)
                if let (request, site) = writer.takeRepartition() { try self.write(request, at: site, to: writer) }
            case .repartition(let request) where !merging.moved.contains(request):
                try write(request, at: repartitions[request].site, to: writer)
            case .repartition: break
            }
        }
        return try writer.topology(tables: tables, generatedNames: generatedNames, configuration: configuration)
    }

    private func write(_ request: Int, at site: RepartitionSite, to writer: TopologyWriter) throws {
        let told = steps
        steps = []
        repartitions[request].write(self, site)
        let own = steps
        steps = told
        for case .write(let write) in own { try write(writer) }
    }

    // MARK: Nodes

    /// Adds an operator that is a class of its own; see ``Receiver`` for those of the hot path.
    func addProcessor<InKey, InValue, OutKey, OutValue>(
        _ name: String,
        after upstreams: [Upstream<InKey, InValue>],
        store: StoreDefinition? = nil,
        _ make:
            @escaping @Sendable (TaskAssembly, Outlet<OutKey, OutValue>) throws -> Processor<InKey, InValue>
    ) -> Upstream<OutKey, OutValue> {
        addOperator(name, after: upstreams, store: store) { assembly, outlet in try make(assembly, outlet).receiver }
    }

    /// Adds an operator: `make` gives what receives its records, which forwards to the outlet.
    @usableFromInline
    func addOperator<InKey, InValue, OutKey, OutValue>(
        _ name: String,
        after upstreams: [Upstream<InKey, InValue>],
        store: StoreDefinition? = nil,
        _ make:
            @escaping @Sendable (TaskAssembly, Outlet<OutKey, OutValue>) throws -> Receiver<InKey, InValue>
    ) -> Upstream<OutKey, OutValue> {
        add { writer in
            if let store { try writer.add(store) }
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .processor(stores: store.map { [$0.name] } ?? []),
                    parents: upstreams.map(\.node)
                ) { assembly in
                    let receiver = try make(assembly, try assembly.outlet(of: name))
                    for upstream in upstreams { try upstream.connect(assembly, receiver) }
                }
            )
        }
        return Upstream(node: name)
    }

    @inlinable
    func addSource<Key, Value>(
        _ name: String,
        topics: [String],
        isInternal: Bool,
        key: Serde<Key>,
        value: Serde<Value>,
        extractor: (any TimestampExtractor)?,
        reset: OffsetReset?,
        preparing prepare: @escaping @Sendable (TaskAssembly) throws -> Void = { _ in }
    ) -> Upstream<Key, Value> {
        addSource(name, topics: topics, isInternal: isInternal, reset: reset) { assembly, topic in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
            try prepare(assembly)
            assembly.addQueue(topic, node: name, extractor: extractor) { site in
                SourceReader(site, key: key, value: value, outlet: outlet)
            }
        }
        return Upstream(node: name)
    }

    @usableFromInline
    func addSource(
        _ name: String,
        topics: [String],
        isInternal: Bool,
        reset: OffsetReset?,
        _ read: @escaping @Sendable (TaskAssembly, _ topic: String) throws -> Void
    ) {
        add { writer in
            try writer.addSource(
                NodeDefinition(
                    name: name,
                    kind: .source(topics: topics, isInternal: isInternal),
                    parents: [],
                    offsetReset: reset
                ) { assembly in
                    let applicationID = assembly.context.settings.applicationID
                    for topic in topics { try read(assembly, isInternal ? "\(applicationID)-\(topic)" : topic) }
                }
            )
        }
    }

    @inlinable
    func addSource<Key, Value>(
        _ name: String,
        matching pattern: String,
        key: Serde<Key>,
        value: Serde<Value>,
        extractor: (any TimestampExtractor)?,
        reset: OffsetReset?
    ) -> Upstream<Key, Value> {
        addSource(name, matching: pattern, reset: reset) { assembly, topic in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
            assembly.addQueue(topic, node: name, extractor: extractor) { site in
                SourceReader(site, key: key, value: value, outlet: outlet)
            }
        }
        return Upstream(node: name)
    }

    @usableFromInline
    func addSource(
        _ name: String,
        matching pattern: String,
        reset: OffsetReset?,
        _ read: @escaping @Sendable (TaskAssembly, _ topic: String) throws -> Void
    ) {
        add { writer in
            try writer.addPatternSource(
                NodeDefinition(
                    name: name, kind: .patternSource(try TopicPattern(pattern)), parents: [], offsetReset: reset
                ) { assembly in
                    for topic in assembly.matchedTopics[name] ?? [] { try read(assembly, topic) }
                }
            )
        }
    }

    @inlinable
    func addSink<Key, Value>(
        _ name: String,
        after upstream: Upstream<Key, Value>,
        topic: String,
        isInternal: Bool,
        key: Serde<Key>,
        value: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>?
    ) {
        addSink(name, after: [upstream.node], topic: topic, isInternal: isInternal) { site, assembly in
            try upstream.connect(assembly, site.receiver(key: key, value: value, partitioner: partitioner))
        }
    }

    @usableFromInline
    func addSink(
        _ name: String,
        after nodes: [String],
        topic: String,
        isInternal: Bool,
        _ connect: @escaping @Sendable (SinkSite, TaskAssembly) throws -> Void
    ) {
        add { writer in
            try writer.add(
                NodeDefinition(name: name, kind: .sink(topic: topic, isInternal: isInternal), parents: nodes) {
                    assembly in
                    let context = assembly.context
                    let full = isInternal ? "\(context.settings.applicationID)-\(topic)" : topic
                    let site = SinkSite(name: name, context: context, topic: try context.output.topic(named: full))
                    try connect(site, assembly)
                }
            )
        }
    }

    @usableFromInline
    func addRoutingSink(
        _ name: String,
        after node: String,
        _ connect: @escaping @Sendable (TaskAssembly) throws -> Void
    ) {
        add { writer in
            try writer.add(NodeDefinition(name: name, kind: .routingSink, parents: [node], assemble: connect))
        }
    }

    /// Sends records through a topic of their own to the task of their key; records without a key end here (S-28).
    ///
    /// - Parameters:
    ///   - detour: lets nodes above follow the repartition if it is merged with others; nil where it may not be.
    ///   - narrow: gives the key to send a record by; nil leaves it out.
    @inlinable
    func addRepartition<InKey, Key, Value>(
        after upstream: Upstream<InKey, Value>,
        prefix: String,
        key: Serde<Key>,
        value: Serde<Value>,
        partitionCount: Int32? = nil,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        detour: Detour<Key, Value>?,
        narrow: @escaping @Sendable (InKey) -> Key?
    ) -> Upstream<Key, Value> {
        let topic = prefix.hasSuffix("-repartition") ? prefix : prefix + "-repartition"
        let site = site(of: topic, prefix, after: upstream.node)
        let handle = add(
            RepartitionRequest(topic: topic, site: site, isMergeable: detour != nil) { graph, site in
                let filter: Upstream<Key, Value> = graph.addOperator(
                    site.filter, after: [upstream.moved(to: site.upstream)]
                ) { assembly, outlet in
                    Receiver(name: site.filter, context: assembly.context) { record in
                        if let key = narrow(record.key) { try outlet.forward(record.with(key: key)) }
                    }
                }
                graph.addSink(
                    site.sink,
                    after: filter,
                    topic: topic,
                    isInternal: true,
                    key: key,
                    value: value,
                    partitioner: partitioner
                )
                graph.addRepartitionTopic(topic, partitionCount)
                _ = graph.addSource(
                    site.source,
                    topics: [topic],
                    isInternal: true,
                    key: key,
                    value: value,
                    extractor: FailOnInvalidTimestamp(),
                    reset: .earliest
                ) { assembly in
                    for child in site.detours { try detour?.add(assembly, child, site.upstream, site.source) }
                }
            })
        return detour == nil ? Upstream(node: site.source) : mergeable(Upstream(node: handle))
    }

    /// The source of a repartition, or what the optimiser puts in its place: that of a join, where keys may be nil and values are of
    /// an optional type, or the operator above, whose keys may be nil.
    @usableFromInline
    func mergeable<Key, Value>(_ source: Upstream<Key, Value>) -> Upstream<Key, Value> {
        Upstream(node: source.node) { assembly, node, child in
            if let outlet: Outlet<Key?, Value> = assembly.knownOutlet(of: node) {
                return outlet.add(child.takingOptionalKeys())
            }
            if let outlet: Outlet<Key?, Value?> = assembly.knownOutlet(of: node) {
                return outlet.add(child.takingOptionalKeys().takingOptionalValues())
            }
            try source.moved(to: node).connect(assembly, child)
        }
    }

    /// The latest repartition for a join of a stream, which joins without a name share; nil if there is none yet.
    func joinRepartition<Key, Value>(after node: String) -> JoinRepartition<Key, Value>? {
        joinRepartitions[node] as? JoinRepartition<Key, Value>
    }

    func setJoinRepartition<Key, Value>(_ repartition: JoinRepartition<Key, Value>, after node: String) {
        joinRepartitions[node] = repartition
    }

    /// Notes a repartition, which is written in its turn; gives its handle.
    @usableFromInline
    func add(_ request: RepartitionRequest) -> String {
        defer { repartitions.append(request) }
        steps.append(.repartition(repartitions.count))
        return RepartitionRequest.handle(repartitions.count)
    }

    /// What the nodes of a repartition are called where it is not merged: numbered like the prefix, or after the topic.
    @usableFromInline
    func site(of topic: String, _ prefix: String, after upstream: String) -> RepartitionSite {
        let generated = burnRepartitionNames()
        guard Self.isGenerated(prefix) else { return RepartitionSite(named: topic, behind: upstream) }
        return RepartitionSite(
            upstream: upstream, filter: generated.filter, sink: generated.sink, source: generated.source)
    }

    @usableFromInline
    func addRepartitionTopic(_ name: String, _ partitionCount: Int32?, isFollower: Bool = false) {
        add { writer in
            writer.add(RepartitionTopic(name: name, partitionCount: partitionCount, isFollower: isFollower))
        }
    }

    /// Uses up the three numbers of a repartition, which Kafka Streams does also where it needs none (S-90).
    @discardableResult
    @usableFromInline
    func burnRepartitionNames() -> (sink: String, filter: String, source: String) {
        (newName("KSTREAM-SINK-"), newName("KSTREAM-FILTER-"), newName("KSTREAM-SOURCE-"))
    }

    /// Whether a name is one that the library numbered: `KSTREAM…-0123456789`.
    @usableFromInline
    static func isGenerated(_ name: String) -> Bool {
        let digits = name.suffix(10)
        return name.hasPrefix("KSTREAM") && digits.count == 10 && digits.allSatisfy { $0.isASCII && $0.isNumber }
            && name.dropLast(10).hasSuffix("-")
    }
}
