import RDKafka

/// A record that a test sends.
struct Sent: Equatable, Sendable {
    var partition: Int32 = 0
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [MessageHeader] = []
    var timestamp: Int64?

    static func text(_ value: String, key: String? = nil, partition: Int32 = 0, timestamp: Int64? = nil) -> Sent {
        Sent(
            partition: partition, key: key.map { Array($0.utf8) }, value: Array(value.utf8), timestamp: timestamp)
    }
}

extension TestCluster {
    /// Sends records and waits until all are acknowledged.
    func send(_ records: [Sent], to topic: String, _ own: [String: String] = [:]) async throws {
        try await Blocking.run { [self] in
            let producer = try producer(own)
            let handle = try producer.topic(topic)
            var failure: KafkaError?
            for record in records {
                let key = record.key ?? []
                let value = record.value ?? []
                while true {
                    let outcome = try key.withUnsafeBytes { keyBytes in
                        try value.withUnsafeBytes { valueBytes in
                            try producer.produce(
                                to: handle, partition: record.partition, key: record.key == nil ? nil : keyBytes,
                                value: record.value == nil ? nil : valueBytes, headers: record.headers,
                                timestamp: record.timestamp)
                        }
                    }
                    if outcome == .queued { break }
                    _ = try producer.poll(timeout: .milliseconds(100)) { failure = failure ?? $0.error }
                }
            }
            let isFlushed = try producer.flush(timeout: Self.limit) { failure = failure ?? $0.error }
            if let failure { throw failure }
            if !isFlushed { throw ChildError("not all records reached \(topic) within \(Self.limit)") }
            producer.close(limit: .seconds(5))
        }
    }

    /// All records of a topic whose transactions have ended, by partition and offset.
    func records(of topic: String) async throws -> [Received] {
        try await waitUntilStable(topic)
        return try await Blocking.run { [self] in
            let consumer = try consumer()
            defer { consumer.close(limit: .seconds(5)) }
            let metadata = try admin().metadata(topic: topic, timeout: Self.limit)
            let partitions = (metadata.topics.first { $0.name == topic }?.partitions ?? []).map(\.id)
            try consumer.assign(
                partitions.map { PartitionOffset(TopicPartition(topic, $0), KafkaOffset.beginning) })
            var open = Set(partitions)
            var received: [Received] = []
            let deadline = ContinuousClock.now + Self.limit
            while !open.isEmpty {
                guard ContinuousClock.now < deadline else {
                    throw ChildError("no end of \(topic) within \(Self.limit)")
                }
                _ = try consumer.poll(timeout: .milliseconds(200)) { received.append(Received($0, of: consumer)) }
                while let event = consumer.nextEvent() {
                    if case .endOfPartition(let partition, _, _) = event { open.remove(partition.partition) }
                    if case .failed(let error, _) = event, !error.isRetriable { throw error }
                }
            }
            return received.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
        }
    }
}
