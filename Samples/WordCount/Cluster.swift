import RDKafka
import Swiftwater

/// What the sample does with Kafka beside running the topology: it makes the topics, loads them and reads the result.
struct Cluster {
    let bootstrapServers: String
    private let timeout = Duration.seconds(30)

    private func configuration(_ own: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(own.merging(["bootstrap.servers": bootstrapServers]) { first, _ in first })
    }

    func createTopics(_ names: [String], partitions: Int) throws {
        let admin = try Admin(configuration())
        let topics = names.map { NewTopic($0, partitions: partitions) }
        try admin.createTopics(topics, timeout: timeout).check(except: [.topicAlreadyExists])
    }

    /// Produces lines and waits for every acknowledgement.
    func load(_ lines: [(file: String, line: String)], into topic: String, progress: (Int) -> Void) throws {
        let producer = try Producer(configuration(["enable.idempotence": "true", "linger.ms": "5"]))
        let handle = try producer.topic(topic)
        let partitions = try producer.partitionCount(handle, timeout: timeout)
        var failure: KafkaErrorCode?
        var delivered = 0
        func count(_ delivery: Delivery) {
            delivered += 1
            failure = failure ?? delivery.code
        }
        for (index, line) in lines.enumerated() {
            let key = Array(line.file.utf8)
            let value = Array(line.line.utf8)
            while true {
                let outcome = try key.withUnsafeBytes { key in
                    try value.withUnsafeBytes { value in
                        try producer.produce(
                            to: handle,
                            partition: Int32(index % partitions),
                            key: key,
                            value: value,
                            token: UInt64(index)
                        )
                    }
                }
                if outcome == .queued { break }
                _ = try producer.poll(timeout: .milliseconds(100), into: count)
            }
            if index % 1_000 == 0 { _ = try producer.poll(timeout: .zero, into: count) }
            progress(delivered)
        }
        guard try producer.flush(timeout: timeout, into: count), failure == nil else {
            throw WordCountError(
                "not every line reached \(topic): \(failure.map { "\($0)" } ?? "no answer in \(timeout)"); is the broker up?"
            )
        }
        progress(delivered)
    }

    /// Whether the group has committed every record that its topics hold.
    func isCaughtUp(group: String, topics: [String]) throws -> Bool {
        let admin = try Admin(configuration())
        let reader = try Consumer(configuration(["group.id": "\(group)-watch"]))
        defer { reader.close(limit: .seconds(5)) }
        var partitions: [RDKafka.TopicPartition] = []
        for topic in topics {
            let metadata = try admin.metadata(topic: topic, timeout: timeout)
            guard let found = metadata.topics.first(where: { $0.name == topic }), found.error == nil else {
                return false
            }
            partitions += found.partitions.map { RDKafka.TopicPartition(topic, $0.id) }
        }
        let committed = try admin.groupOffsets(group, partitions, timeout: timeout)
        let byPartition = Dictionary(committed.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        for end in try reader.endOffsets(partitions, timeout: timeout) where end.offset > 0 {
            if (byPartition[end.topicPartition] ?? -1) < end.offset { return false }
        }
        return true
    }

    /// The last count of every word.
    func counts(in topic: String) throws -> [String: Int64] {
        let reader = try Consumer(
            configuration([
                "group.id": "word-count-reader", "enable.partition.eof": "true", "isolation.level": "read_committed",
            ])
        )
        defer { reader.close(limit: .seconds(5)) }
        let metadata = try Admin(configuration()).metadata(topic: topic, timeout: timeout)
        let partitions = metadata.topics.first { $0.name == topic }?.partitions.map(\.id) ?? []
        try reader.assign(partitions.map { PartitionOffset(RDKafka.TopicPartition(topic, $0), KafkaOffset.beginning) })
        var counts: [String: Int64] = [:]
        var open = Set(partitions)
        var unreadable: (any Error)?
        while !open.isEmpty {
            _ = try reader.poll(timeout: .milliseconds(500), max: 1_000) { message in
                guard let key = message.keyBytes else { return }
                let word = String(decoding: key, as: UTF8.self)
                do {
                    counts[word] = try Serde<Int64>.int64.deserialize(message.valueBytes.map(Array.init))
                } catch {
                    unreadable = error
                }
            }
            if let unreadable { throw unreadable }
            while let event = reader.nextEvent() {
                switch event {
                case .endOfPartition(let partition, _, _): open.remove(partition.partition)
                case .failed(let error, _) where !error.isRetriable: throw error
                default: break
                }
            }
        }
        return counts
    }
}
