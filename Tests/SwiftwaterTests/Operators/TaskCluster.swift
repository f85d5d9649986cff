import Logging

@testable import Swiftwater

/// All tasks of a topology over several partitions, whose records to each other are carried by hand: any task may be behind, and
/// any may crash.
///
/// What a task writes goes on its way with its commit. A crash throws away what it has written and stored since the last one, and
/// the records since then come again, as it is exactly-once.
final class TaskCluster {
    final class Output: RecordOutput {
        struct Sent {
            var place: TopicPartition
            var key: [UInt8]?
            var value: [UInt8]?
            var timestamp: Timestamp
        }

        let partitionCount: Int32
        var sent: [Sent] = []

        init(partitionCount: Int32) {
            self.partitionCount = partitionCount
        }

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: partitionCount) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) {
            sent.append(
                Sent(
                    place: TopicPartition(topic.name, partition),
                    key: key.map(Array.init),
                    value: value.map(Array.init),
                    timestamp: timestamp
                )
            )
        }
    }

    /// A task with what outlives it.
    private final class Member {
        let id: TaskID
        let output: Output
        let backend = InMemoryStateBackend()
        var task: StreamTask
        var committed: [TopicPartition: CommittableOffset] = [:]

        init(_ id: TaskID, _ cluster: TaskCluster) throws {
            self.id = id
            output = Output(partitionCount: cluster.partitionCount)
            task = try cluster.task(id, output, backend)
        }
    }

    private let topology: Topology
    private let partitionCount: Int32
    private let settings: TaskSettings
    private var members: [Member] = []
    private var logs: [TopicPartition: [Output.Sent]] = [:]
    /// What went to topics that no task reads.
    private(set) var written: [Output.Sent] = []
    /// What went from task to task.
    private(set) var carried: [Output.Sent] = []

    init(_ topology: Topology, partitionCount: Int32, isCachingEnabled: Bool) throws {
        self.topology = topology
        self.partitionCount = partitionCount
        var settings = TaskSettings(applicationID: "app")
        settings.isCachingEnabled = isCachingEnabled
        self.settings = settings
        members = try topology.subtopologies.flatMap { part in
            try (0..<partitionCount).map { try Member(TaskID(subtopology: part.id, partition: $0), self) }
        }
    }

    private func task(_ id: TaskID, _ output: Output, _ backend: InMemoryStateBackend) throws -> StreamTask {
        let task = try StreamTask(
            id: id,
            topology: topology,
            settings: settings,
            output: output,
            backend: backend,
            clock: EngineFixture.Clock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        for queue in task.queues { queue.lag = 0 }
        return task
    }

    var tasks: [StreamTask] { members.map(\.task) }

    /// The last value that was written for each key, as texts; nil is a deletion.
    var results: [String: String?] {
        var results: [String: String?] = [:]
        for record in written {
            results[String(decoding: record.key ?? [], as: UTF8.self)] = .some(
                record.value.map { String(decoding: $0, as: UTF8.self) })
        }
        return results
    }

    func pipe(_ topic: String, _ partition: Int32, _ key: String, _ value: String?, _ time: Timestamp) throws {
        try add(
            Output.Sent(
                place: TopicPartition(topic, partition),
                key: Array(key.utf8),
                value: value.map { Array($0.utf8) },
                timestamp: time
            )
        )
    }

    /// Lets one task process a little, and perhaps commit or crash.
    func step(_ random: inout SeededRandom) throws {
        guard let member = members.randomElement(using: &random) else { return }
        _ = try member.task.process(limit: Int.random(in: 1...3, using: &random))
        if Bool.random(using: &random) {
            try commit(member)
        } else if Int.random(in: 0..<6, using: &random) == 0 {
            try crash(member)
        }
    }

    /// Lets the task that reads a topic's first partition process all that it has, and commit or not.
    func run(reading topic: String, commits: Bool = true) throws {
        for member in members where member.task.queue(for: TopicPartition(topic, 0)) != nil {
            _ = try member.task.process(limit: .max)
            if commits { try commit(member) }
        }
    }

    /// Lets all tasks process and commit until nothing is left.
    func settle() throws {
        repeat {
            for member in members {
                _ = try member.task.process(limit: .max)
                try commit(member)
            }
        } while tasks.contains { $0.queuedRecords > 0 }
    }

    private func commit(_ member: Member) throws {
        try member.task.flush()
        let offsets = member.task.committableOffsets { _ in nil }
        try member.task.persist(TaskCheckpoint())
        member.committed.merge(offsets) { _, new in new }
        let sent = member.output.sent
        member.output.sent = []
        for record in sent where !record.place.topic.hasSuffix("-changelog") {
            if tasks.contains(where: { $0.queue(for: record.place) != nil }) {
                carried.append(record)
                try add(record)
            } else {
                written.append(record)
            }
        }
    }

    private func crash(_ member: Member) throws {
        member.output.sent = []
        member.task = try task(member.id, member.output, member.backend)
        for queue in member.task.queues {
            let log = logs[queue.source] ?? []
            let committed = member.committed[queue.source]
            member.task.context.progress.merge(committed?.progress ?? [:]) { _, new in new }
            for offset in Int(committed?.offset ?? 0)..<log.count { try queue.add(batch(log[offset], at: offset)) }
        }
    }

    private func add(_ record: Output.Sent) throws {
        let offset = logs[record.place, default: []].count
        logs[record.place, default: []].append(record)
        for task in tasks { try task.queue(for: record.place)?.add(batch(record, at: offset)) }
    }

    private func batch(_ record: Output.Sent, at offset: Int) -> RecordBatch {
        let batch = RecordBatch()
        batch.append(offset: Int64(offset), timestamp: record.timestamp, key: record.key, value: record.value)
        return batch
    }
}
