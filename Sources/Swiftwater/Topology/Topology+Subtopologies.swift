extension Topology {
    /// Cuts a topology into its connected parts: nodes are connected by edges and by shared stores. Parts are numbered
    /// in the order in which their sources were added. The parts of global tables are numbered with the others.
    static func split(
        _ nodes: [NodeDefinition],
        _ stores: [StoreDefinition],
        _ aliases: [String: String],
        _ matchedTopics: [String: [String]]
    ) throws -> (tasks: [Subtopology], global: [Subtopology]) {
        var groups = DisjointSets<String>()
        var firstUser: [String: String] = [:]
        for node in nodes {
            groups.insert(node.name)
            for parent in node.parents { groups.unite(node.name, aliases[parent] ?? parent) }
            for store in node.stores {
                if let user = firstUser[store] { groups.unite(node.name, user) } else { firstUser[store] = node.name }
            }
        }
        let sources = nodes.filter { node in
            switch node.kind {
            case .source, .patternSource, .globalSource: true
            default: false
            }
        }.map(\.name)
        var idOfRoot: [String: Int] = [:]
        for source in sources {
            let root = groups.root(of: source)
            if idOfRoot[root] == nil { idOfRoot[root] = idOfRoot.count }
        }
        var result = (0..<idOfRoot.count).map { Subtopology(id: $0) }
        var global: Set<Int> = []
        for node in nodes {
            guard let id = idOfRoot[groups.root(of: node.name)] else {
                throw StreamsError(.invalidTopology, "no source leads to the node", at: .init(node: node.name))
            }
            result[id].nodes.append(node)
            if case .source(let topics, let isInternal) = node.kind {
                if isInternal {
                    result[id].repartitionTopics += topics
                } else {
                    result[id].externalTopics += topics
                }
            }
            result[id].externalTopics += matchedTopics[node.name] ?? []
            if case .globalSource(let topic) = node.kind {
                result[id].externalTopics.append(topic)
                global.insert(id)
            }
            for name in node.stores where !result[id].stores.contains(where: { $0.name == name }) {
                result[id].stores += stores.filter { $0.name == name }
            }
        }
        return (result.filter { !global.contains($0.id) }, result.filter { global.contains($0.id) })
    }
}
