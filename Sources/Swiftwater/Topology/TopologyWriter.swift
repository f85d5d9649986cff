/// Collects the nodes and stores of a topology and refuses what cannot work (TP-07).
final class TopologyWriter {
    private var nodes: [NodeDefinition] = []
    private var names: Set<String> = []
    private var stores: [StoreDefinition] = []
    private var repartitionTopics: [RepartitionTopic] = []
    /// Source nodes by the topics that they read.
    private var sources: [(topics: Set<String>, name: String)] = []
    private var aliases: [String: String] = [:]
    private var globalTopics: Set<String> = []
    private var patterns: [(pattern: TopicPattern, name: String)] = []
    let optimizations: TopologyOptimizations
    private let merging: RepartitionMerging
    private var repartition: (request: Int, site: RepartitionSite)?

    init(optimizations: TopologyOptimizations, merging: RepartitionMerging) {
        self.optimizations = optimizations
        self.merging = merging
        aliases = merging.aliases
    }

    func add(_ node: NodeDefinition) throws {
        guard let (parent, source) = merging.detours[node.name] else { return try write(node) }
        try write(node.following(node.parents.map { $0 == parent ? source : $0 }))
    }

    private func write(_ node: NodeDefinition) throws {
        try checkName(node.name, of: "node")
        for parent in node.parents where !names.contains(aliases[parent] ?? parent) {
            throw StreamsError(.invalidTopology, "the parent \(parent) is not known", at: .init(node: node.name))
        }
        guard names.insert(node.name).inserted else {
            throw StreamsError(
                .invalidTopology,
                "two operators have this name; give one of them another (named:)",
                at: .init(node: node.name)
            )
        }
        nodes.append(node)
        repartition = merging.sites[node.name]
    }

    /// The merged repartition that stands behind the node written last; nil if none does, or it was taken.
    func takeRepartition() -> (request: Int, site: RepartitionSite)? {
        defer { repartition = nil }
        return repartition
    }

    /// Adds a source; one that reads the same topics as an earlier source becomes that one (B-01).
    func addSource(_ node: NodeDefinition) throws {
        guard case .source(let list, let isInternal) = node.kind else { return }
        let topics = Set(list)
        if topics.isEmpty {
            throw StreamsError(.invalidTopology, "a source without topics", at: .init(node: node.name))
        }
        for topic in topics { try checkName(topic, of: "topic") }
        if !isInternal {
            if let topic = topics.sorted().first(where: globalTopics.contains) {
                throw StreamsError(
                    .invalidTopology,
                    "the topic is read by a global table, which needs it for itself",
                    at: .init(node: node.name, topic: topic)
                )
            }
            if let same = sources.first(where: { $0.topics == topics }) {
                aliases[node.name] = same.name
                return
            }
            if let other = sources.first(where: { !$0.topics.isDisjoint(with: topics) }),
                let topic = other.topics.intersection(topics).sorted().first
            {
                throw StreamsError(
                    .invalidTopology,
                    "the topic is read by \(other.name) with other topics; read it alone in both places, or share the stream",
                    at: .init(node: node.name, topic: topic)
                )
            }
            try requireNoPattern(for: topics, of: node)
            sources.append((topics, node.name))
        }
        try add(node)
    }

    /// Adds a source that reads by a pattern; one with the pattern of an earlier source becomes that one (B-01).
    func addPatternSource(_ node: NodeDefinition) throws {
        guard case .patternSource(let pattern) = node.kind else { return }
        if let same = patterns.first(where: { $0.pattern == pattern }) {
            aliases[node.name] = same.name
            return
        }
        for source in sources {
            guard let topic = try pattern.matching(source.topics).first else { continue }
            throw StreamsError(
                .invalidTopology,
                "the topic is read by \(source.name) and matches «\(pattern.text)»: a topic has one source",
                at: .init(node: node.name, topic: topic))
        }
        patterns.append((pattern, node.name))
        try add(node)
    }

    private func requireNoPattern(for topics: Set<String>, of node: NodeDefinition) throws {
        for (pattern, name) in patterns {
            guard let topic = try pattern.matching(topics).first else { continue }
            throw StreamsError(
                .invalidTopology, "the topic matches «\(pattern.text)», which \(name) reads: a topic has one source",
                at: .init(node: node.name, topic: topic))
        }
    }

    /// Adds a source of a global table, whose topic nothing else reads.
    func addGlobalSource(_ node: NodeDefinition) throws {
        guard case .globalSource(let topic) = node.kind else { return }
        try checkName(topic, of: "topic")
        if let other = sources.first(where: { $0.topics.contains(topic) }) {
            throw StreamsError(
                .invalidTopology,
                "the topic is also read by \(other.name): a global table needs it for itself",
                at: .init(node: node.name, topic: topic)
            )
        }
        try requireNoPattern(for: [topic], of: node)
        globalTopics.insert(topic)
        sources.append(([topic], node.name))
        try add(node)
    }

    func add(_ store: StoreDefinition) throws {
        try checkName(store.name, of: "store")
        if stores.contains(where: { $0.name == store.name }) {
            throw StreamsError(
                .invalidTopology,
                "two operators keep a store of this name; give one of them another",
                at: .init(store: store.name)
            )
        }
        stores.append(store)
    }

    /// How long after its end a window may still change at a node: of the windowed aggregations above, the longest (S-63).
    func windowGrace(at name: String) -> Int64? {
        guard let node = nodes.first(where: { $0.name == aliases[name] ?? name }) else { return nil }
        return node.windowGrace ?? node.parents.compactMap { windowGrace(at: $0) }.max()
    }

    func store(named name: String) -> StoreDefinition? { stores.first { $0.name == name } }

    /// Whether two names are one node, because a source or a repartition became another.
    func isSame(_ node: String, _ other: String) -> Bool {
        (aliases[node] ?? node) == (aliases[other] ?? other)
    }

    func add(_ topic: RepartitionTopic) {
        repartitionTopics.append(topic)
    }

    /// Lets tables that are read from a topic do without a changelog (TP-02).
    private func reuseSourceTopics(of tables: [String: String]) {
        for node in nodes where node.parents.count == 1 {
            guard let topic = tables[node.parents[0]] else { continue }
            for index in stores.indices where node.stores.contains(stores[index].name) && stores[index].isLogged {
                stores[index].isLogged = false
                stores[index].sourceTopic = topic
                stores[index].sourceNode = node.name
            }
        }
    }

    /// - Parameters:
    ///   - tables: the topics of tables, by their source nodes.
    ///   - generatedNames: the names that are not the user's.
    ///   - configuration: what the topology wants for itself.
    func topology(
        tables: [String: String],
        generatedNames: GeneratedNames,
        configuration: TopologyConfiguration
    ) throws -> Topology {
        if optimizations.contains(.reuseSourceTopics) { reuseSourceTopics(of: tables) }
        if nodes.isEmpty {
            throw StreamsError(.invalidTopology, "the topology is empty: begin with builder.stream(…) or table(…)")
        }
        var topics: Set<String> = []
        for topic in repartitionTopics where !topics.insert(topic.name).inserted {
            throw StreamsError(
                .invalidTopology,
                "two operators repartition through this topic; give one of them another name",
                at: .init(topic: topic.name)
            )
        }
        try requireGlobalStoresApart()
        if configuration.requiresExplicitNames {
            try ExplicitNames(
                nodes: nodes, stores: stores, repartitionTopics: repartitionTopics, generated: generatedNames
            ).require()
        }
        for index in stores.indices where stores[index].storeType == nil {
            stores[index].storeType = configuration.storeType
        }
        return try Topology(
            nodes: nodes,
            stores: stores,
            repartitionTopics: repartitionTopics,
            aliases: aliases,
            generatedNames: generatedNames,
            configuration: configuration
        )
    }

    /// Refuses to connect a node of the tasks to a global store: it would have to write what the global thread writes.
    private func requireGlobalStoresApart() throws {
        var global: Set<String> = []
        var owners: [String: String] = [:]
        // Parents stand before their children.
        for node in nodes {
            if case .globalSource = node.kind {
                global.insert(node.name)
            } else if node.parents.contains(where: { global.contains(aliases[$0] ?? $0) }) {
                global.insert(node.name)
                for store in node.stores { owners[store] = node.name }
            }
        }
        for node in nodes where !global.contains(node.name) {
            guard let store = node.stores.first(where: { owners[$0] != nil }) else { continue }
            throw StreamsError(
                .invalidTopology,
                "every processor may read a global store without being connected to it: leave it out of `stores`, and open it with globalStore(_:)",
                at: .init(node: node.name, store: store)
            )
        }
    }

    /// Names become topic names, so they keep to what Kafka allows there (C-01).
    private func checkName(_ name: String, of what: String) throws {
        let isLegal = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isLegal, !name.isEmpty, name != ".", name != "..", name.utf8.count <= 249 else {
            throw StreamsError(
                .invalidTopology,
                "«\(name)» cannot name a \(what): 1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'"
            )
        }
    }
}
