import Foundation
import RDKafka

/// Reads topics from beginning to end, and asks for offsets.
struct TopicReader {
    let servers: String
    /// Whether only committed records count.
    let isCommittedOnly: Bool
    static let patience = Duration.seconds(60)

    struct Entry {
        var partition: Int32
        var offset: Int64
        var timestamp: Int64
        var key: [UInt8]?
        var value: [UInt8]?
    }

    private func consumer() throws -> Consumer {
        try Consumer(
            KafkaConfiguration([
                "bootstrap.servers": servers, "group.id": "torture-check", "enable.partition.eof": "true",
                "isolation.level": isCommittedOnly ? "read_committed" : "read_uncommitted",
                "auto.offset.reset": "earliest", "fetch.wait.max.ms": "50", "client.id": "torture-check",
            ]))
    }

    func partitions(of topics: [String]) throws -> [TopicPartition] {
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": servers]))
        let metadata = try admin.metadata(timeout: Self.patience)
        return metadata.topics.filter { topics.contains($0.name) }.flatMap { topic in
            topic.partitions.map { TopicPartition(topic.name, $0.id) }
        }
    }

    func ends(of partitions: [TopicPartition]) throws -> [TopicPartition: Int64] {
        let consumer = try consumer()
        defer { consumer.close(limit: .seconds(5)) }
        let ends = try consumer.endOffsets(partitions, timeout: Self.patience)
        return Dictionary(ends.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
    }

    /// Hands over every record of the topic, each partition in order.
    func read(_ topic: String, _ take: (Entry) throws -> Void) throws {
        let partitions = try partitions(of: [topic])
        guard !partitions.isEmpty else { throw TortureError("there is no topic \(topic)") }
        let consumer = try consumer()
        defer { consumer.close(limit: .seconds(5)) }
        try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.beginning) })
        var open = Set(partitions)
        var last = ContinuousClock.now
        var failure: (any Error)?
        while !open.isEmpty {
            try Interruption.check()
            let count = try consumer.poll(timeout: .milliseconds(200)) { message in
                guard failure == nil else { return }
                do {
                    try take(
                        Entry(
                            partition: message.partition, offset: message.offset, timestamp: message.timestamp,
                            key: message.keyBytes.map { Array($0) }, value: message.valueBytes.map { Array($0) }))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            while let event = consumer.nextEvent() {
                switch event {
                case .endOfPartition(let partition, _, _): open.remove(partition)
                case .failed(let error, _): if error.isFatal { throw error }
                default: break
                }
            }
            if count > 0 { last = .now }
            guard ContinuousClock.now - last < Self.patience else {
                throw TortureError("\(topic): nothing more comes, and the end is not reached")
            }
        }
    }
}
