import Logging

@testable import Swiftwater

/// All tasks of a topology over several partitions, whose records to each other are carried by hand: any task may be behind.
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

    let tasks: [StreamTask]
    private let output: Output
    private var offsets: [TopicPartition: Int64] = [:]
    /// What went to topics that no task reads.
    private(set) var written: [Output.Sent] = []
    /// What went from task to task.
    private(set) var carried: [Output.Sent] = []

    init(_ topology: Topology, partitionCount: Int32, isCachingEnabled: Bool) throws {
        let output = Output(partitionCount: partitionCount)
        self.output = output
        var settings = TaskSettings(applicationID: "app")
        settings.isCachingEnabled = isCachingEnabled
        tasks = try topology.subtopologies.flatMap { part in
            try (0..<partitionCount).map { partition in
                let task = try StreamTask(
                    id: TaskID(subtopology: part.id, partition: partition),
                    topology: topology,
                    settings: settings,
                    output: output,
                    backend: InMemoryStateBackend(),
                    clock: EngineFixture.Clock(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                for queue in task.queues { queue.lag = 0 }
                return task
            }
        }
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

    /// Lets one task process a little, and perhaps commit.
    func step(_ random: inout SeededRandom) throws {
        guard let task = tasks.randomElement(using: &random) else { return }
        _ = try task.process(limit: Int.random(in: 1...3, using: &random))
        if Bool.random(using: &random) { try commit(task) }
    }

    /// Lets one task process all that it has, and commit or not.
    func run(_ task: StreamTask, commits: Bool = true) throws {
        _ = try task.process(limit: .max)
        if commits { try commit(task) }
    }

    /// Lets all tasks process and commit until nothing is left.
    func settle() throws {
        repeat {
            for task in tasks {
                _ = try task.process(limit: .max)
                try commit(task)
            }
        } while tasks.contains { $0.queuedRecords > 0 }
    }

    private func commit(_ task: StreamTask) throws {
        try task.flush()
        try task.persist(TaskCheckpoint())
        let sent = output.sent
        output.sent = []
        for record in sent where !record.place.topic.hasSuffix("-changelog") {
            if tasks.contains(where: { $0.queue(for: record.place) != nil }) {
                carried.append(record)
                try add(record)
            } else {
                written.append(record)
            }
        }
    }

    private func add(_ record: Output.Sent) throws {
        let offset = offsets[record.place, default: 0]
        offsets[record.place] = offset + 1
        let batch = RecordBatch()
        batch.append(offset: offset, timestamp: record.timestamp, key: record.key, value: record.value)
        for task in tasks { try task.queue(for: record.place)?.add(batch) }
    }
}
