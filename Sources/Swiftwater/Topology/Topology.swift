/// What an application does with its records: built once by a ``StreamsBuilder``, never changed, run by many tasks.
///
/// The counterpart of Kafka Streams' `Topology`.
public final class Topology: Sendable {
    package let nodes: [NodeDefinition]
    package let stores: [StoreDefinition]
    package let repartitionTopics: [RepartitionTopic]
    /// The parts that are run as tasks; their numbers have gaps where the parts of global tables are.
    package let subtopologies: [Subtopology]
    /// The parts that fill global tables: no tasks, each is run whole by every instance.
    package let globalParts: [Subtopology]
    /// Source nodes that became another, which reads the same topics.
    let aliases: [String: String]
    /// The names that the builder numbered.
    let generatedNames: GeneratedNames
    /// What the topology wants for itself, whatever the application says.
    public let configuration: TopologyConfiguration
    /// The topics of sources that read what matches a pattern, by node.
    package let matchedTopics: [String: [String]]

    init(
        nodes: [NodeDefinition],
        stores: [StoreDefinition],
        repartitionTopics: [RepartitionTopic],
        aliases: [String: String],
        generatedNames: GeneratedNames,
        configuration: TopologyConfiguration,
        matchedTopics: [String: [String]] = [:]
    ) throws {
        self.generatedNames = generatedNames
        self.configuration = configuration
        self.aliases = aliases
        self.matchedTopics = matchedTopics
        self.nodes = nodes
        self.stores = stores
        self.repartitionTopics = repartitionTopics
        (subtopologies, globalParts) = try Topology.split(nodes, stores, aliases, matchedTopics)
    }

    /// Whether a source reads topics by a pattern.
    package var hasPatterns: Bool { subtopologies.contains(where: \.hasPattern) }

    /// What the pattern of each source finds among topics, by node.
    package func matches(among existing: some Collection<String>) throws -> [String: [String]] {
        var matched: [String: [String]] = [:]
        for node in nodes {
            if case .patternSource(let pattern) = node.kind { matched[node.name] = try pattern.matching(existing) }
        }
        return matched
    }

    /// The same topology with the topics that sources with patterns find among those that exist.
    ///
    /// - Throws: `missingTopic` if none matches, `invalidTopology` if one matches two sources.
    package func matching(_ existing: some Collection<String>) throws -> Topology {
        if !hasPatterns { return self }
        var readers: [String: String] = [:]
        for node in nodes {
            switch node.kind {
            case .source(let topics, isInternal: false): for topic in topics { readers[topic] = node.name }
            case .globalSource(let topic): readers[topic] = node.name
            case .source, .patternSource, .processor, .sink, .routingSink: break
            }
        }
        let matched = try matches(among: existing)
        for node in nodes {
            guard case .patternSource(let pattern) = node.kind else { continue }
            let topics = matched[node.name] ?? []
            if topics.isEmpty {
                throw StreamsError(
                    .missingTopic, "no topic matches «\(pattern.text)»: create one, or correct the pattern",
                    at: .init(node: node.name))
            }
            for topic in topics {
                if let other = readers.updateValue(node.name, forKey: topic) {
                    throw StreamsError(
                        .invalidTopology,
                        "the topic matches «\(pattern.text)» and is also read by \(other): a topic has one source",
                        at: .init(node: node.name, topic: topic))
                }
            }
        }
        return try Topology(
            nodes: nodes, stores: stores, repartitionTopics: repartitionTopics, aliases: aliases,
            generatedNames: generatedNames, configuration: configuration, matchedTopics: matched)
    }

    /// The text that Kafka Streams prints of a topology: sub-topologies, nodes, what leads where (TP-01).
    public func describe() -> String {
        TopologyDescription(self).text
    }

    package func subtopology(_ id: Int) throws -> Subtopology {
        guard let part = subtopologies.first(where: { $0.id == id }) else {
            throw StreamsError(.internal, "the topology has no sub-topology \(id)")
        }
        return part
    }

    /// The stores of global tables, in the order in which stream tasks number them.
    package var globalStores: [StoreDefinition] { globalParts.flatMap(\.stores) }
}

extension Topology: CustomStringConvertible {
    /// The text of ``describe()``.
    public var description: String { describe() }
}
