/// What an application does with its records: built once by a ``StreamsBuilder``, never changed, run by many tasks.
///
/// The counterpart of Kafka Streams' `Topology`.
public final class Topology: Sendable {
    package let nodes: [NodeDefinition]
    package let stores: [StoreDefinition]
    package let repartitionTopics: [RepartitionTopic]
    package let subtopologies: [Subtopology]
    /// Source nodes that became another, which reads the same topics.
    let aliases: [String: String]

    init(
        nodes: [NodeDefinition],
        stores: [StoreDefinition],
        repartitionTopics: [RepartitionTopic],
        aliases: [String: String]
    ) throws {
        self.aliases = aliases
        self.nodes = nodes
        self.stores = stores
        self.repartitionTopics = repartitionTopics
        self.subtopologies = try Topology.split(nodes, stores, aliases)
    }

    /// The text that Kafka Streams prints of a topology: sub-topologies, nodes, what leads where (TP-01).
    public func describe() -> String {
        TopologyDescription(self).text
    }

    package func subtopology(_ id: Int) throws -> Subtopology {
        guard subtopologies.indices.contains(id) else {
            throw StreamsError(.internal, "the topology has no sub-topology \(id)")
        }
        return subtopologies[id]
    }
}

extension Topology: CustomStringConvertible {
    /// The text of ``describe()``.
    public var description: String { describe() }
}
