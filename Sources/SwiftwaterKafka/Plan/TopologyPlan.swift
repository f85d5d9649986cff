internal import Swiftwater

/// What all members of a group must agree on before any of them processes a record (Design/Runtime.md): which topic leads
/// which sub-topology, how many tasks there are, and which internal topics. Made from the topology and partition counts alone.
struct TopologyPlan: Hashable, Sendable {
    /// The form of what members of a group write for each other, internal topics above all. Part of the hash: members that would
    /// misread each other do not work side by side (TP-08).
    static let format = 1

    let applicationID: String
    let subtopologies: [PlannedSubtopology]
    /// By name.
    let internalTopics: [InternalTopic]
    /// Equal for members with the same topology, leads and counts.
    let hash: UInt64
    private let subtopologyOfLead: [String: Int]

    /// - Throws: `missingTopic`, `unequalPartitions` or `invalidTopology`.
    init(_ topology: Topology, applicationID: String, partitionCounts: [String: Int32]) throws(StreamsError) {
        let counts = try PartitionCounts(topology, applicationID: applicationID, external: partitionCounts)
        var planned: [PlannedSubtopology] = []
        var topics: [InternalTopic] = topology.repartitionTopics.map { topic in
            let name = topic.topic(applicationID: applicationID)
            return InternalTopic(name: name, kind: .repartition, partitionCount: counts.known[name] ?? 1)
        }
        var leads: [String: Int] = [:]
        for part in topology.subtopologies {
            let names = counts.sources(of: part)
            let sources = Dictionary(names.map { ($0, counts.known[$0] ?? 0) }) { first, _ in first }
            var taskCount = sources.values.max() ?? 0
            // Of the text of the topology alone: two members must never choose different leads.
            let isLedBySource = !part.hasPattern && (sources.count == 1 || PartitionCounts.needsEqualCounts(part))
            let lead = isLedBySource ? names.min() ?? "" : "\(applicationID)-\(part.id)-tasks"
            if let other = leads.updateValue(part.id, forKey: lead) {
                throw StreamsError(
                    .invalidTopology,
                    "the topic leads sub-topologies \(other) and \(part.id); read it once and share the stream",
                    at: .init(topic: lead)
                )
            }
            // It never loses partitions, also where a topic that matched a pattern is gone.
            if !isLedBySource { taskCount = max(taskCount, partitionCounts[lead] ?? 0) }
            if !isLedBySource { topics.append(InternalTopic(name: lead, kind: .tasks, partitionCount: taskCount)) }
            for store in part.stores where store.isLogged {
                topics.append(
                    InternalTopic(
                        name: store.changelogTopic(applicationID: applicationID),
                        kind: .changelog,
                        partitionCount: taskCount,
                        settings: store.changelogSettings
                    )
                )
            }
            planned.append(PlannedSubtopology(id: part.id, sources: sources, lead: lead, taskCount: taskCount))
        }
        for topic in topics where topic.name.utf8.count > 249 {
            throw StreamsError(
                .invalidTopology,
                "the internal topic's name is longer than the 249 bytes Kafka allows: shorten the application id or the name",
                at: .init(topic: topic.name)
            )
        }
        self.applicationID = applicationID
        subtopologies = planned
        internalTopics = topics.sorted { $0.name < $1.name }
        subtopologyOfLead = leads
        var hash = StableHash()
        hash.add("format \(Self.format)")
        hash.add(topology.describe())
        for part in planned {
            hash.add("\(part.id) \(part.lead) \(part.taskCount)")
            for (name, count) in part.sources.sorted(by: { $0.key < $1.key }) { hash.add("\(name) \(count)") }
        }
        for topic in internalTopics { hash.add("\(topic.name) \(topic.partitionCount)") }
        self.hash = hash.value
    }

    /// The topics to subscribe to.
    var leads: [String] { subtopologies.map(\.lead).sorted() }

    var tasks: [TaskID] {
        subtopologies.flatMap { part in (0..<part.taskCount).map { TaskID(subtopology: part.id, partition: $0) } }
    }

    /// All that the tasks read, and what the application has made for itself.
    var topics: Set<String> {
        Set(subtopologies.flatMap(\.sources.keys)).union(internalTopics.map(\.name))
    }

    var repartitionTopics: Set<String> {
        Set(internalTopics.filter { $0.kind == .repartition }.map(\.name))
    }

    /// The task that owning a partition means; nil if it leads none.
    func task(ledBy partition: TopicPartition) -> TaskID? {
        guard let id = subtopologyOfLead[partition.topic], partition.partition >= 0, let part = part(id),
            partition.partition < part.taskCount
        else { return nil }
        return TaskID(subtopology: id, partition: partition.partition)
    }

    /// The partitions that a task reads.
    func inputs(of task: TaskID) -> [TopicPartition] {
        part(task.subtopology)?.inputs(of: task.partition) ?? []
    }

    /// The numbers have gaps where a topology has global tables.
    private func part(_ id: Int) -> PlannedSubtopology? {
        subtopologies.first { $0.id == id }
    }
}
