import Foundation
import RDKafka

/// Compares what the group has committed of every input with where the input ends.
struct OffsetCheck {
    let topics: ReferenceTopics
    let reader: TopicReader

    func committed() throws -> [TopicPartition: Int64] {
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": reader.servers]))
        let partitions = try reader.partitions(of: topics.inputs)
        let offsets = try admin.groupOffsets(topics.application, partitions, timeout: TopicReader.patience)
        return Dictionary(offsets.map { ($0.topicPartition, max(0, $0.offset)) }) { first, _ in first }
    }

    /// Inputs that are not committed to their end.
    func open() throws -> [(partition: TopicPartition, committed: Int64, end: Int64)] {
        let committed = try committed()
        let ends = try reader.ends(of: try reader.partitions(of: topics.inputs))
        return ends.compactMap { partition, end in
            let offset = committed[partition] ?? 0
            return offset == end ? nil : (partition, offset, end)
        }
    }

    /// Waits until all is committed.
    /// - Returns: whether it is.
    func waitUntilDrained(limit: Duration, _ meanwhile: () throws -> Void) throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            try meanwhile()
            do {
                let isThere = Set(try reader.partitions(of: topics.inputs).map(\.topic)) == Set(topics.inputs)
                if isThere, try open().isEmpty { return true }
            } catch let error as KafkaError where error.isRetriable {
                // Asked again.
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
        return false
    }

    func run(into findings: inout Findings) throws {
        for (partition, committed, end) in try open() {
            findings.differ(offset: "\(partition): committed up to \(committed), ends at \(end)")
        }
    }
}
