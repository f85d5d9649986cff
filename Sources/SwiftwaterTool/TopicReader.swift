import RDKafka

/// Reads one topic: all its partitions, or as a member of a group those it is given.
///
/// What was handed over by a poll is committed for the group only after the next call to ``settle()``, when the caller has printed it.
final class TopicReader {
    let consumer: Consumer
    private let topic: String
    private let inGroup: Bool
    private let limit: Duration
    private let untilEnd: Bool
    private var assigned: Set<TopicPartition>?
    private var ended: Set<TopicPartition> = []
    private var next: [TopicPartition: Int64] = [:]
    private var lastCommit = ContinuousClock.now

    init(_ command: ConsumeCommand) throws {
        topic = command.topic
        inGroup = command.group != nil
        limit = command.cluster.limit
        untilEnd = command.untilEnd
        let partitions = try Admin(command.cluster.configuration()).partitions(of: topic, timeout: limit)
        consumer = try Consumer(
            command.cluster.configuration([
                "group.id": command.group ?? "swiftwater-consume",
                "enable.partition.eof": "true",
                "auto.offset.reset": command.fromBeginning ? "earliest" : "latest",
            ]))
        if inGroup {
            try consumer.subscribe([topic])
        } else {
            let start = command.fromBeginning ? KafkaOffset.beginning : KafkaOffset.end
            let offsets = partitions.map { PartitionOffset(TopicPartition(command.topic, $0.id), start) }
            try consumer.assign(offsets)
            assigned = Set(offsets.map(\.topicPartition))
        }
    }

    /// All records that there were are handed over; true only if the reader was asked to stop there.
    var isAtEnd: Bool {
        guard untilEnd, let assigned else { return false }
        return assigned.isSubset(of: ended)
    }

    func poll(max: Int, into receive: (ConsumedRecord) -> Void) throws -> Int {
        try consumer.poll(timeout: .milliseconds(500), max: max) { message in
            next[TopicPartition(topic, message.partition)] = message.offset + 1
            receive(ConsumedRecord(message, topic: topic))
        }
    }

    /// Answers what happened in the poll, and commits from time to time.
    func settle() throws {
        while let event = consumer.nextEvent() { try handle(event) }
        if ContinuousClock.now - lastCommit > .seconds(5) { try commit() }
    }

    func close() throws {
        try commit()
        consumer.close(limit: .seconds(10))
    }

    private func handle(_ event: ConsumerEvent) throws {
        switch event {
        case .assigned(let partitions):
            try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.stored) })
            assigned = Set(partitions)
            ended = []
        case .revoked(_, let lost):
            if !lost { try commit() }
            next = [:]
            assigned = nil
            try consumer.unassign()
        case .endOfPartition(let partition, _, _):
            ended.insert(partition)
        case .failed(let error, _) where !error.isRetriable:
            throw error
        case .client(.failed(let error)) where error.isFatal:
            throw error
        case .committed, .failed, .client:
            break
        }
    }

    private func commit() throws {
        lastCommit = .now
        guard inGroup, !next.isEmpty else { return }
        try consumer.commit(next.map { PartitionOffset($0.key, $0.value) }, timeout: limit)
        next = [:]
    }
}
