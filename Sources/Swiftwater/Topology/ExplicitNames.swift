/// Refuses stores and internal topics that nobody has named (TP-06, KIP-1111).
struct ExplicitNames {
    let nodes: [NodeDefinition]
    let stores: [StoreDefinition]
    let repartitionTopics: [RepartitionTopic]
    let generated: GeneratedNames

    /// - Throws: `invalidTopology` with all of them, the operators that have them and where their names are given.
    func require() throws(StreamsError) {
        var unnamed: [String] = []
        for store in stores where generated.isGenerated(store.name) {
            let operators = nodes.filter { $0.stores.contains(store.name) }.map(\.name)
            unnamed.append(
                "store \(store.name) of \(operators.joined(separator: ", ")) (name it with \(Self.parameter(store)))")
        }
        for topic in repartitionTopics where generated.isGenerated(topic.name) {
            unnamed.append(
                "topic \(topic.name) behind \(origin(of: topic.name)) (name it with \(Self.parameter(topic)))")
        }
        if unnamed.isEmpty { return }
        throw StreamsError(
            .invalidTopology,
            """
            the topology requires explicit names, these are numbered and would be others if an operator were added before \
            them: \(unnamed.joined(separator: "; "))
            """
        )
    }

    /// The operator whose records go through a topic.
    private func origin(of topic: String) -> String {
        let sink = nodes.first { node in
            if case .sink(topic, isInternal: true) = node.kind { true } else { false }
        }
        guard let parent = sink?.parents.first else { return "its sink" }
        // A repartition takes out what has no key in a node of its own.
        return nodes.first { $0.name == parent }?.parents.first ?? parent
    }

    private static func parameter(_ store: StoreDefinition) -> String {
        if store.kind == .suppression { return "`named:` of Suppressed" }
        if store.name.hasPrefix("KTABLE-FK-JOIN-SUBSCRIPTION-") { return "`named:` of TableJoined" }
        if store.name.hasPrefix("KSTREAM-DEDUPLICATE-") { return "`named:` or `storeName:` of Deduplicated" }
        return store.name.hasSuffix("-store") ? "`storeName:` of StreamJoined" : "`as:`"
    }

    private static func parameter(_ topic: RepartitionTopic) -> String {
        topic.isFollower
            ? "`named:` of TableJoined"
            : "`named:` of groupBy, groupByKey, repartition, Joined, StreamJoined or Deduplicated"
    }
}
