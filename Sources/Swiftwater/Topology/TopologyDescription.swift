/// Prints a topology as Kafka Streams does (TP-01): within a sub-topology the node with most below it first.
struct TopologyDescription {
    private let topology: Topology
    private var children: [String: [String]] = [:]
    private var sizes: [String: Int] = [:]

    init(_ topology: Topology) {
        self.topology = topology
        for node in topology.nodes {
            for parent in node.parents { children[topology.aliases[parent] ?? parent, default: []].append(node.name) }
        }
        // Children come after their parents, so that backwards every size is known when it is asked for.
        for node in topology.nodes.reversed() {
            sizes[node.name] = 1 + (children[node.name] ?? []).reduce(0) { $0 + (sizes[$1] ?? 0) }
        }
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
            for name in ordered(subtopology.nodes.map(\.name)) {
                if let node = byName[name] { text += describe(node) }
            }
            if !isGlobal { text += "\n" }
        }
        return text
    }

    private func describe(_ node: NodeDefinition) -> String {
        let next = "      --> \(list(children[node.name] ?? []))\n"
        let previous = "      <-- \(node.parents.map { topology.aliases[$0] ?? $0 }.joined(separator: ", "))\n"
        switch node.kind {
        case .source(let topics, _):
            return "    Source: \(node.name) (topics: [\(topics.sorted().joined(separator: ", "))])\n\(next)"
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

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : ordered(names).joined(separator: ", ")
    }

    private func ordered(_ names: [String]) -> [String] {
        names.sorted { left, right in
            let leftSize = sizes[left] ?? 0
            let rightSize = sizes[right] ?? 0
            return leftSize != rightSize ? leftSize > rightSize : left < right
        }
    }
}
