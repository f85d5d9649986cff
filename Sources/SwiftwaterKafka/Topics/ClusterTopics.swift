internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater

/// The topics of the cluster: what the plan is made from, and the internal topics that it asks for.
struct ClusterTopics {
    let admin: Admin
    let configuration: StreamsConfiguration
    let logger: Logger

    /// Partition counts by topic.
    func partitionCounts() throws(StreamsError) -> [String: Int32] {
        do throws(KafkaError) {
            let metadata = try admin.metadata(timeout: configuration.requestTimeout)
            return Dictionary(
                metadata.topics.filter { $0.error == nil && !$0.partitions.isEmpty }
                    .map { ($0.name, Int32($0.partitions.count)) }
            ) { first, _ in first }
        } catch {
            throw StreamsError(
                .brokerUnreachable,
                """
                no answer from \(configuration.bootstrapServers.joined(separator: ", ")) within \
                \(configuration.requestTimeout): check bootstrapServers and that a broker runs there
                """,
                cause: error
            )
        }
    }

    /// Looks at the topics of the plan again: throws if one has another number of partitions than was planned, since its keys lie in other
    /// partitions now (S-109), or if one is gone (R-25).
    ///
    /// - Parameter missing: what this returned the last time. Not to be found once may be a cluster that has just started.
    /// - Returns: the topics that were not found.
    func requireUnchanged(
        _ plan: TopologyPlan, _ counts: [String: Int32], missing: Set<String>
    ) throws(StreamsError) -> Set<String> {
        for (topic, planned) in plan.subtopologies.flatMap(\.sources) {
            guard let count = counts[topic], count != planned else { continue }
            throw StreamsError(
                .unequalPartitions,
                """
                the topic had \(planned) partitions at the start and has \(count) now, so keys may be in other partitions: \
                restart an application without state; one with state needs a reset or another application id
                """,
                at: .init(topic: topic)
            )
        }
        let gone = plan.topics.subtracting(counts.keys)
        if let topic = gone.intersection(missing).sorted().first {
            throw StreamsError(
                .missingTopic,
                """
                a topic that the application reads or keeps was deleted while it ran: create it again and restart, or reset the \
                application if its records are lost
                """,
                at: .init(topic: topic)
            )
        }
        return gone
    }

    /// Topics that the topology writes to and nobody makes.
    func requireOutputs(of topology: Topology, among counts: [String: Int32]) throws(StreamsError) {
        for node in topology.nodes {
            guard case .sink(let topic, isInternal: false) = node.kind, counts[topic] == nil else { continue }
            throw StreamsError(
                .missingTopic,
                "the topology writes to a topic that does not exist: create it, or correct its name",
                at: .init(node: node.name, topic: topic)
            )
        }
        guard let deadLetters = configuration.deadLetterTopic, counts[deadLetters] == nil else { return }
        throw StreamsError(
            .missingTopic,
            "the dead-letter topic does not exist: create it, or correct deadLetterTopic",
            at: .init(topic: deadLetters)
        )
    }

    /// The topics that a pattern may match: not our own internal ones, and not Kafka's.
    func matchable(_ counts: [String: Int32]) -> [String] {
        counts.keys.filter { name in
            !name.hasPrefix("__") && !name.hasPrefix("\(configuration.applicationID)-")
        }
    }

    /// Topics that hold no records may get more partitions: more tasks.
    private func grow(_ plan: TopologyPlan, _ existing: [String: Int32]) throws(StreamsError) {
        let small = plan.internalTopics.filter { topic in
            topic.kind == .tasks && existing[topic.name].map { $0 < topic.partitionCount } == true
        }
        if small.isEmpty { return }
        let totals = Dictionary(small.map { ($0.name, Int($0.partitionCount)) }) { first, _ in first }
        do throws(KafkaError) {
            // Another member may have been faster.
            try admin.createPartitions(totals, timeout: configuration.requestTimeout)
                .check(except: [.invalidPartitions])
        } catch {
            throw StreamsError(
                .unequalPartitions, "an internal topic could not be given more partitions",
                at: .init(topic: small[0].name), cause: error)
        }
        try waitUntilVisible(plan)
    }

    /// Makes the internal topics that are missing and waits until they can be seen; one with another count is an error, never
    /// changed (S-109).
    func prepare(_ plan: TopologyPlan, existing: [String: Int32]) throws(StreamsError) {
        try grow(plan, existing)
        try validate(plan, existing)
        let missing = plan.internalTopics.filter { existing[$0.name] == nil }
        if missing.isEmpty { return }
        do throws(KafkaError) {
            let topics = missing.map { topic in
                NewTopic(
                    topic.name,
                    partitions: Int(topic.partitionCount),
                    replicationFactor: configuration.replicationFactor,
                    configuration: topic.configuration
                )
            }
            // Another member may have been faster.
            try admin.createTopics(topics, timeout: configuration.requestTimeout).check(except: [.topicAlreadyExists])
        } catch {
            throw StreamsError(
                .missingTopic,
                "an internal topic could not be created: \(missing.map(\.name).joined(separator: ", "))",
                cause: error
            )
        }
        for topic in missing {
            logger.info(
                "internal topic created",
                metadata: ["topic": "\(topic.name)", "partitions": "\(topic.partitionCount)"]
            )
        }
        try waitUntilVisible(plan)
    }

    private func waitUntilVisible(_ plan: TopologyPlan) throws(StreamsError) {
        let clock = ContinuousClock()
        let deadline = clock.now + configuration.requestTimeout
        while true {
            let counts = try partitionCounts()
            try validate(plan, counts)
            let hidden = plan.internalTopics.first { counts[$0.name] ?? 0 < $0.partitionCount }
            guard let hidden else { return }
            guard clock.now < deadline else {
                throw StreamsError(
                    .timeout, "an internal topic was created but does not show", at: .init(topic: hidden.name))
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    private func validate(_ plan: TopologyPlan, _ counts: [String: Int32]) throws(StreamsError) {
        for topic in plan.internalTopics {
            guard topic.kind != .tasks, let count = counts[topic.name], count != topic.partitionCount else {
                continue
            }
            throw StreamsError(
                .unequalPartitions,
                """
                the internal topic has \(count) partitions, the topology needs \(topic.partitionCount): a changed count would \
                mix up keys, so reset the application or use another application id
                """,
                at: .init(topic: topic.name)
            )
        }
    }
}
