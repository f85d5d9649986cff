/// Prints a topology as Kafka Streams does (TP-01): within a sub-topology the node with most below it first.
///
/// What stands behind an arrow was sorted when it was put there, by what was below the nodes at that moment; nodes are connected
/// in the order in which a Java map gives their names.
struct TopologyDescription {
    private let topology: Topology
    /// How many ways lead down from a node, itself included.
    private var sizes: [String: Int] = [:]
    private var successors: [String: [String]] = [:]
    private var predecessors: [String: [String]] = [:]

    init(_ topology: Topology) {
        self.topology = topology
        for node in topology.nodes { sizes[node.name] = 1 }
        for part in topology.subtopologies + topology.globalParts {
            let parents = Dictionary(part.nodes.map { ($0.name, $0.parents) }) { first, _ in first }
            for name in JavaHashOrder.grown(part.nodes.map(\.name)) {
                for parent in parents[name] ?? [] { connect(topology.aliases[parent] ?? parent, to: name) }
            }
        }
    }

    private mutating func connect(_ parent: String, to child: String) {
        insert(parent, into: &predecessors[child, default: []])
        insert(child, into: &successors[parent, default: []])
        grow(parent, by: sizes[child] ?? 0)
    }

    /// Puts a name where it belongs now; those that are there stay where they are.
    private func insert(_ name: String, into names: inout [String]) {
        if names.contains(name) { return }
        names.insert(name, at: names.firstIndex { isAhead(name, of: $0) } ?? names.endIndex)
    }

    private mutating func grow(_ name: String, by count: Int) {
        sizes[name, default: 0] += count
        for predecessor in predecessors[name] ?? [] { grow(predecessor, by: count) }
    }

    var text: String {
        // The first line alone is one deeper: so Kafka Streams prints it.
        var text = "Topologies:\n "
        let global = Set(topology.globalParts.map(\.id))
        for subtopology in (topology.subtopologies + topology.globalParts).sorted(by: { $0.id < $1.id }) {
            let isGlobal = global.contains(subtopology.id)
            text +=
                "  Sub-topology: \(subtopology.id)\(isGlobal ? " for global store (will not generate tasks)" : "")\n"
            let byName = Dictionary(subtopology.nodes.map { ($0.name, $0) }) { first, _ in first }
            for name in subtopology.nodes.map(\.name).sorted(by: isAhead(_:of:)) {
                if let node = byName[name] { text += describe(node) }
            }
            if !isGlobal { text += "\n" }
        }
        return text
    }

    private func describe(_ node: NodeDefinition) -> String {
        func list(_ neighbours: [String: [String]]) -> String {
            neighbours[node.name]?.joined(separator: ", ") ?? "none"
        }
        let next = "      --> \(list(successors))\n"
        let previous = "      <-- \(list(predecessors))\n"
        switch node.kind {
        case .source(let topics, _):
            let topics = JavaHashOrder.sorted(topics).joined(separator: ", ")
            return "    Source: \(node.name) (topics: [\(topics)])\n\(next)"
        case .patternSource(let pattern):
            return "    Source: \(node.name) (topics: \(pattern.text))\n\(next)"
        case .globalSource(let topic):
            return "    Source: \(node.name) (topics: [\(topic)])\n\(next)"
        case .processor(let stores):
            return
                "    Processor: \(node.name) (stores: [\(JavaHashOrder.sorted(stores).joined(separator: ", "))])\n\(next)\(previous)"
        case .sink(let topic, _):
            return "    Sink: \(node.name) (topic: \(topic))\n\(previous)"
        case .routingSink:
            return "    Sink: \(node.name) (extractor class: function)\n\(previous)"
        }
    }

    private func isAhead(_ left: String, of right: String) -> Bool {
        let leftSize = sizes[left] ?? 0
        let rightSize = sizes[right] ?? 0
        return leftSize != rightSize ? leftSize > rightSize : left < right
    }
}
