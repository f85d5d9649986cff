import Foundation
import RDKafka

/// A long changelog of which every record is known by its offset: update n is at offset n.
struct Changelog: Sendable {
    var updates: Int
    var keys: Int

    func key(_ update: Int) -> String { "key-\(mixed(update) % UInt64(keys))" }

    /// One in ten deletes.
    func value(_ update: Int) -> String? { mixed(update) >> 32 % 10 == 0 ? nil : "value \(update)" }

    private func mixed(_ update: Int) -> UInt64 {
        var mixed = UInt64(update) &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ (mixed >> 27)
    }

    /// What its table is after some of the updates.
    func fold(_ updates: Int) -> [String: String] {
        var fold: [String: String] = [:]
        for update in 0..<updates { fold[key(update)] = value(update) }
        return fold
    }

    /// Writes all of it, each record once. Blocks.
    ///
    /// - Parameter pause: how long to rest after each hundred updates.
    func write(
        to topic: String, on cluster: TestCluster, _ own: [String: String] = [:], pause: TimeInterval = 0
    ) throws {
        let defaults = ["enable.idempotence": "true", "queue.buffering.max.messages": "100000"]
        let producer = try cluster.producer(own.merging(defaults) { first, _ in first })
        let handle = try producer.topic(topic)
        var failure: KafkaError?
        for update in 0..<updates {
            let key = Array(key(update).utf8)
            let value = value(update).map { Array($0.utf8) }
            while true {
                let outcome = try key.withUnsafeBytes { keyBytes in
                    try (value ?? []).withUnsafeBytes { valueBytes in
                        try producer.produce(
                            to: handle, partition: 0, key: keyBytes, value: value == nil ? nil : valueBytes)
                    }
                }
                if outcome == .queued { break }
                _ = try producer.poll(timeout: .milliseconds(100)) { failure = failure ?? $0.error }
            }
            if pause > 0, update % 100 == 0 { Thread.sleep(forTimeInterval: pause) }
            if update % 1_000 == 0 { _ = try producer.poll(timeout: .zero) { failure = failure ?? $0.error } }
        }
        while try !producer.flush(timeout: TestCluster.limit, into: { failure = failure ?? $0.error }) {}
        producer.close(limit: .seconds(5))
        if let failure { throw failure }
    }

    /// What a restoration reads from the beginning to an end. Blocks.
    struct Restoration: Sendable {
        var fold: [String: String] = [:]
        var records = 0
        /// The first that is not what was written at its offset.
        var wrong: String?
    }

    func restore(from topic: String, to end: Int64, on cluster: TestCluster) throws -> Restoration {
        var restoration = Restoration()
        let consumer = try cluster.consumer(["client.id": "restore"])
        defer { consumer.close(limit: .seconds(5)) }
        try consumer.assign([PartitionOffset(TopicPartition(topic, 0), KafkaOffset.beginning)])
        var isDone = end == 0
        let deadline = ContinuousClock.now + .seconds(300)
        while !isDone {
            guard ContinuousClock.now < deadline else { throw ChildError("no end of \(topic) at \(end)") }
            _ = try consumer.poll(timeout: .milliseconds(200)) { message in
                let record = Received(message, of: consumer)
                guard record.offset < end else {
                    isDone = true
                    return
                }
                restoration.records += 1
                let update = Int(record.offset)
                if restoration.wrong == nil, record.keyText != key(update) || record.text != value(update) {
                    restoration.wrong = "\(record)"
                }
                if let key = record.keyText { restoration.fold[key] = record.text }
                if record.offset == end - 1 { isDone = true }
            }
            while let event = consumer.nextEvent() {
                if case .endOfPartition = event { isDone = true }
                if case .failed(let error, _) = event, !error.isRetriable { throw error }
            }
        }
        return restoration
    }
}
