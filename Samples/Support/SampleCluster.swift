import RDKafka
package import Swiftwater

/// What a sample does with Kafka beside running its topology: it makes the topics, loads them and reads the results.
package struct SampleCluster: Sendable {
    package let bootstrapServers: String
    private let timeout = Duration.seconds(30)

    package init(bootstrapServers: String) {
        self.bootstrapServers = bootstrapServers
    }

    private func configuration(_ own: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(own.merging(["bootstrap.servers": bootstrapServers]) { first, _ in first })
    }

    /// Makes the topics that are not there yet.
    package func createTopics(_ names: [String], partitions: Int) throws {
        try made(names, partitions).check(except: [.topicAlreadyExists])
    }

    /// Makes topics that only this run may write to, since it compares what is in them with what it wrote.
    package func createOwnTopics(_ names: [String], partitions: Int) throws {
        let results = try made(names, partitions)
        let existing = results.filter { $0.error?.code == .topicAlreadyExists }.map(\.name).sorted()
        guard existing.isEmpty else {
            throw SampleError(
                "there are topics already (\(existing.joined(separator: ", "))), and a result of other input cannot be checked: delete them, or leave --bootstrap-servers out"
            )
        }
        try results.check()
    }

    private func made(_ names: [String], _ partitions: Int) throws -> [AdminResult] {
        let topics = names.map {
            // Generated input has times of its own: none is to expire.
            NewTopic($0, partitions: partitions, configuration: ["retention.ms": "-1"])
        }
        return try Admin(configuration()).createTopics(topics, timeout: timeout)
    }

    // MARK: In

    /// Produces records, each to the partition of its key, and waits for every acknowledgement.
    package func load<Key, Value>(
        _ records: [Record<Key, Value>],
        into topic: String,
        key keySerde: Serde<Key>,
        value valueSerde: Serde<Value>,
        progress: (Int) -> Void = { _ in }
    ) throws {
        try load(
            records.lazy.map { record in
                RawRecord(
                    key: try keySerde.serialize(record.key), value: try valueSerde.serialize(record.value),
                    timestamp: record.timestamp.milliseconds)
            }, into: topic, progress: progress)
    }

    /// Produces records as bytes; those without a partition go to that of their key.
    package func load(
        _ records: some Collection<RawRecord>, into topic: String, progress: (Int) -> Void = { _ in }
    ) throws {
        let producer = try Producer(configuration(["enable.idempotence": "true", "linger.ms": "5"]))
        let handle = try producer.topic(topic)
        let partitions = Int32(try producer.partitionCount(handle, timeout: timeout))
        var failure: KafkaErrorCode?
        var delivered = 0
        func count(_ delivery: Delivery) {
            delivered += 1
            failure = failure ?? delivery.code
        }
        for (index, record) in records.enumerated() {
            let partition =
                record.partition.map { $0 % partitions }
                ?? (record.key ?? []).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: partitions) }
            while true {
                let outcome = try (record.key ?? []).withUnsafeBytes { key in
                    try (record.value ?? []).withUnsafeBytes { value in
                        try producer.produce(
                            to: handle,
                            partition: partition,
                            key: record.key == nil ? nil : key,
                            value: record.value == nil ? nil : value,
                            timestamp: record.timestamp
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
            throw SampleError(
                "not every record reached \(topic): \(failure.map { "\($0)" } ?? "no answer in \(timeout)"); is the broker up?"
            )
        }
        progress(delivered)
    }

    // MARK: Out

    /// Whether the group has committed every record that its topics hold.
    package func isCaughtUp(group: String, topics: [String]) throws -> Bool {
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
        // The ends are asked for after the offsets: what is caught up then was so before.
        for end in try reader.endOffsets(partitions, timeout: timeout) where end.offset > 0 {
            if (byPartition[end.topicPartition] ?? -1) < end.offset { return false }
        }
        return true
    }

    /// All committed records of a topic, partition by partition in order.
    package func records<Key, Value>(
        of topic: String, key keySerde: Serde<Key>, value valueSerde: Serde<Value>
    ) throws -> [Record<Key, Value>] {
        let reader = try Consumer(
            configuration([
                "group.id": "sample-reader", "enable.partition.eof": "true", "isolation.level": "read_committed",
            ])
        )
        defer { reader.close(limit: .seconds(5)) }
        let metadata = try Admin(configuration()).metadata(topic: topic, timeout: timeout)
        let partitions = metadata.topics.first { $0.name == topic }?.partitions.map(\.id) ?? []
        try reader.assign(partitions.map { PartitionOffset(RDKafka.TopicPartition(topic, $0), KafkaOffset.beginning) })
        var records: [Record<Key, Value>] = []
        var open = Set(partitions)
        var unreadable: (any Error)?
        while !open.isEmpty {
            _ = try reader.poll(timeout: .milliseconds(500), max: 1_000) { message in
                do {
                    records.append(
                        Record(
                            key: try keySerde.deserialize(
                                message.keyBytes.map(Array.init), topic: topic, component: .key),
                            value: try valueSerde.deserialize(message.valueBytes.map(Array.init), topic: topic),
                            timestamp: Timestamp(milliseconds: message.timestamp)))
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
        return records
    }
}
