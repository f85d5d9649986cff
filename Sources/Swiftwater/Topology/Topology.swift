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

    init(
        nodes: [NodeDefinition],
        stores: [StoreDefinition],
        repartitionTopics: [RepartitionTopic],
        aliases: [String: String],
        generatedNames: GeneratedNames,
        configuration: TopologyConfiguration
    ) throws {
        self.generatedNames = generatedNames
        self.configuration = configuration
        self.aliases = aliases
        self.nodes = nodes
        self.stores = stores
        self.repartitionTopics = repartitionTopics
        (subtopologies, globalParts) = try Topology.split(nodes, stores, aliases)
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

    /// The stores of global tables, in the order in which a `GlobalStoreView` numbers them.
    package var globalStores: [StoreDefinition] { globalParts.flatMap(\.stores) }
}

extension Topology: CustomStringConvertible {
    /// The text of ``describe()``.
    public var description: String { describe() }
}
