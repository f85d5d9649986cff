internal import Swiftwater

/// Finds the partition counts of all topics that tasks read, from those of the topics that were there before.
///
/// A repartition topic gets as many partitions as the largest topic read by those that write to it, unless the user asked for
/// a number. Where a store is kept, all topics of the sub-topology must have equal counts, since a key of one must reach the
/// task of the same key of another (S-80).
struct PartitionCounts {
    let topology: Topology
    let applicationID: String
    private(set) var known: [String: Int32]

    init(_ topology: Topology, applicationID: String, external: [String: Int32]) throws(StreamsError) {
        self.topology = topology
        self.applicationID = applicationID
        known = [:]
        for part in topology.subtopologies + topology.globalParts {
            for topic in part.externalTopics {
                guard let count = external[topic], count > 0 else {
                    throw StreamsError(
                        .missingTopic,
                        "the topology reads a topic that does not exist: create it, or correct its name",
                        at: .init(topic: topic)
                    )
                }
                known[topic] = count
            }
        }
        for topic in topology.repartitionTopics {
            if let count = topic.partitionCount { known[topic.topic(applicationID: applicationID)] = count }
        }
        try resolve()
        for part in topology.subtopologies where Self.needsEqualCounts(part) { try requireEqual(part) }
    }

    /// Whether the records of a key must meet in one task, whichever topic they come from.
    static func needsEqualCounts(_ part: Subtopology) -> Bool {
        !part.stores.isEmpty
    }

    func sources(of part: Subtopology) -> [String] {
        part.sourceTopics(applicationID: applicationID)
    }

    private mutating func resolve() throws(StreamsError) {
        var open = topology.repartitionTopics.filter { $0.partitionCount == nil }
        while !open.isEmpty {
            var left: [RepartitionTopic] = []
            for topic in open {
                if let count = equalCount(of: topic) ?? inheritedCount(of: topic) {
                    known[topic.topic(applicationID: applicationID)] = count
                } else {
                    left.append(topic)
                }
            }
            if left.count == open.count {
                throw StreamsError(
                    .invalidTopology,
                    "the partition count depends on itself: give the repartition a number of partitions",
                    at: .init(topic: left[0].topic(applicationID: applicationID))
                )
            }
            open = left
        }
    }

    /// What the other topics of a sub-topology with stores ask of a repartition topic.
    private func equalCount(of topic: RepartitionTopic) -> Int32? {
        for part in topology.subtopologies where part.repartitionTopics.contains(topic.name) {
            guard Self.needsEqualCounts(part) else { continue }
            let fixed = topology.repartitionTopics.filter {
                $0.partitionCount != nil && part.repartitionTopics.contains($0.name)
            }
            let names = part.externalTopics + fixed.map { $0.topic(applicationID: applicationID) }
            if let first = names.sorted().first { return known[first] }
            // All are made by us and none has a number: the largest that any of them inherits.
            var largest: Int32 = 0
            for name in part.repartitionTopics {
                guard let other = topology.repartitionTopics.first(where: { $0.name == name }) else { return nil }
                if other.isFollower { continue }
                guard let count = inheritedCount(of: other) else { return nil }
                largest = max(largest, count)
            }
            return largest > 0 ? largest : nil
        }
        return nil
    }

    private func inheritedCount(of topic: RepartitionTopic) -> Int32? {
        var largest: Int32?
        for part in topology.subtopologies where writes(part, to: topic) {
            for source in sources(of: part) {
                guard let count = known[source] else { return nil }
                largest = max(largest ?? 0, count)
            }
        }
        return largest
    }

    private func writes(_ part: Subtopology, to topic: RepartitionTopic) -> Bool {
        part.nodes.contains { node in
            if case .sink(let name, let isInternal) = node.kind { isInternal && name == topic.name } else { false }
        }
    }

    private func requireEqual(_ part: Subtopology) throws(StreamsError) {
        let counts = sources(of: part).map { ($0, known[$0] ?? 0) }
        guard let first = counts.first, let other = counts.first(where: { $0.1 != first.1 }) else { return }
        throw StreamsError(
            .unequalPartitions,
            """
            \(first.0) has \(first.1) partitions and \(other.0) has \(other.1), but the same keys of both must meet in one \
            task: give them equal counts, or put repartition() before the stateful operator
            """,
            at: .init(store: part.stores.first?.name, topic: other.0)
        )
    }
}
