import Foundation
import RDKafka
import Synchronization

/// Follows the results while the run lasts, as a reader of committed records would, to tell how far each partition has come.
final class ResultMonitor: Sendable {
    private let highest = Mutex([Int64](repeating: -1, count: ReferenceTopics.partitions))
    private let isOver = Atomic<Bool>(false)

    init(_ servers: String, _ topic: String) {
        let thread = Thread { [self] in
            // One that fails only measures nothing.
            do { try follow(servers, topic) } catch { Report.note("the results cannot be followed: \(error)") }
        }
        thread.name = "monitor"
        thread.start()
    }

    deinit { stop() }

    func stop() { isOver.store(true, ordering: .relaxed) }

    /// The number up to which every partition has results.
    var progress: Int64 { highest.withLock { $0.min() ?? -1 } }

    /// The highest number seen in any partition.
    var latest: Int64 { highest.withLock { $0.max() ?? -1 } }

    private func follow(_ servers: String, _ topic: String) throws {
        let consumer = try Consumer(
            KafkaConfiguration([
                "bootstrap.servers": servers, "group.id": "torture-monitor", "isolation.level": "read_committed",
                "fetch.wait.max.ms": "50", "auto.offset.reset": "earliest", "client.id": "torture-monitor",
            ]))
        defer { consumer.close(limit: .seconds(5)) }
        try consumer.assign(
            (0..<ReferenceTopics.partitions).map {
                PartitionOffset(TopicPartition(topic, Int32($0)), KafkaOffset.beginning)
            })
        while !isOver.load(ordering: .relaxed) {
            _ = try consumer.poll(timeout: .milliseconds(50)) { message in
                guard let value = message.valueBytes, value.count == 8 else { return }
                let number = BigEndian.int64(value)
                let partition = Int(message.partition)
                highest.withLock { highest in
                    guard highest.indices.contains(partition) else { return }
                    highest[partition] = max(highest[partition], number)
                }
            }
            while let event = consumer.nextEvent() {
                if case .failed(let error, _) = event, error.isFatal { throw error }
            }
        }
    }
}
