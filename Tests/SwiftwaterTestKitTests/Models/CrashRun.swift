import Logging
import Swiftwater
import SwiftwaterTestKit

/// Runs the one task of a topology record by record, with commits and crashes in between, and keeps what it writes to `out`.
///
/// A crash throws away what was written and stored since the last commit, as it does exactly-once: the task is made anew on the
/// stores of that commit, and the records since then come again. A torn commit keeps the stores and not the offsets, as at-least-once
/// may: behind it comes a crash.
struct CrashRun {
    enum Event {
        case record(Int)
        case commit
        case tornCommit
        case crash
    }

    private(set) var told: CrashTold
    private let topology: Topology
    private let inputs: [RuleRun.Input]
    private let isCachingEnabled: Bool
    private let backend = InMemoryStateBackend()
    private let output = Output()
    private var task: StreamTask
    private var progress: [String: Int64] = [:]

    /// - Parameters:
    ///   - plan: what happens, of ``plan(_:_:)``.
    ///   - isCachingEnabled: whether caches tell at commits what they hold, or each record tells its own results.
    init(_ topology: Topology, _ inputs: [RuleRun.Input], _ plan: [Event], isCachingEnabled: Bool) throws {
        self.topology = topology
        self.inputs = inputs
        self.isCachingEnabled = isCachingEnabled
        told = CrashTold(records: inputs.count)
        task = try Self.task(topology, output, backend, isCachingEnabled: isCachingEnabled)
        for event in plan {
            switch event {
            case .record(let index): try process(index)
            case .commit: try commit()
            case .tornCommit:
                try persist()
                _ = output.takeAll()
            case .crash: try crash()
            }
        }
    }

    /// Every record at least once, with commits and crashes at random places and a commit at the end.
    ///
    /// - Parameter isTorn: whether some crashes fall into a commit.
    static func plan(_ count: Int, _ random: inout SeededRandom, isTorn: Bool = false) -> [Event] {
        var events: [Event] = []
        var next = 0
        var committed = 0
        var crashes = 0
        while next < count {
            events.append(.record(next))
            next += 1
            if random.once(in: 3) {
                events.append(.commit)
                committed = next
            }
            if crashes < 5, random.once(in: 5) {
                if isTorn, random.once(in: 2) { events.append(.tornCommit) }
                events.append(.crash)
                next = committed
                crashes += 1
            }
        }
        return events + [.commit]
    }

    // MARK: The task

    private mutating func process(_ index: Int) throws {
        let input = inputs[index]
        let batch = RecordBatch()
        batch.append(
            offset: Int64(index),
            timestamp: input.time,
            key: input.key.map { Array($0.utf8) },
            value: input.value.map { Array($0.utf8) }
        )
        try task.queue(for: TopicPartition(input.topic, 0))?.add(batch)
        _ = try task.process(limit: 1)
        told.record(index, output.takeAll())
    }

    private mutating func commit() throws {
        try persist()
        progress = task.context.progress
        told.commit(output.takeAll())
    }

    private func persist() throws {
        try task.flush()
        try task.persist(TaskCheckpoint())
    }

    private mutating func crash() throws {
        told.crash()
        task = try Self.task(topology, output, backend, isCachingEnabled: isCachingEnabled)
        task.context.progress = progress
    }

    private static func task(
        _ topology: Topology,
        _ output: Output,
        _ backend: InMemoryStateBackend,
        isCachingEnabled: Bool
    ) throws -> StreamTask {
        var settings = TaskSettings(applicationID: "test")
        settings.isCachingEnabled = isCachingEnabled
        settings.emitInterval = .zero
        let task = try StreamTask(
            id: TaskID(subtopology: 0, partition: 0),
            topology: topology,
            settings: settings,
            output: output,
            backend: backend,
            clock: Clock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        for queue in task.queues { queue.lag = 0 }
        return task
    }

    private final class Clock: WallClock {
        func now() -> Timestamp { 0 }
    }

    private final class Output: RecordOutput {
        private var written: [String] = []

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: 1) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) {
            guard topic.name == "out" else { return }
            let key = key.map { String(decoding: $0, as: UTF8.self) } ?? "null"
            written.append("\(key)=\(RuleRun.text(value.map(Array.init)))@\(timestamp)")
        }

        func takeAll() -> [String] {
            defer { written = [] }
            return written
        }
    }
}
