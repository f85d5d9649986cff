/// A node of a topology as it was written down; `assemble` makes the running node of one task.
package final class NodeDefinition: Sendable {
    package enum Kind: Sendable {
        /// Reads topics; internal ones are named without the application id.
        case source(topics: [String], isInternal: Bool)
        /// Reads the topics whose names match, as many as there are when the application starts; see `Topology.matching(_:)`.
        case patternSource(TopicPattern)
        /// Reads all partitions of a topic, in every instance.
        case globalSource(topic: String)
        case processor(stores: [String])
        /// Writes to a topic; an internal one is named without the application id.
        case sink(topic: String, isInternal: Bool)
        /// Writes to topics that a function names.
        case routingSink
    }

    package let name: String
    package let kind: Kind
    package let parents: [String]
    /// What the source wants where the group has no offset; nil is the application's setting.
    package let offsetReset: OffsetReset?
    /// How long after its end a window of this node's aggregates may still change, in milliseconds (S-63).
    let windowGrace: Int64?
    let assemble: @Sendable (TaskAssembly) throws -> Void

    init(
        name: String,
        kind: Kind,
        parents: [String],
        offsetReset: OffsetReset? = nil,
        windowGrace: Int64? = nil,
        assemble: @escaping @Sendable (TaskAssembly) throws -> Void
    ) {
        self.name = name
        self.kind = kind
        self.parents = parents
        self.offsetReset = offsetReset
        self.windowGrace = windowGrace
        self.assemble = assemble
    }

    /// The same node behind other parents.
    func following(_ parents: [String]) -> NodeDefinition {
        NodeDefinition(
            name: name,
            kind: kind,
            parents: parents,
            offsetReset: offsetReset,
            windowGrace: windowGrace,
            assemble: assemble
        )
    }

    package var stores: [String] {
        if case .processor(let stores) = kind { stores } else { [] }
    }
}
