import Logging
import Swiftwater
import SwiftwaterTestKit

/// Runs the one task of a topology record by record, with commits and crashes in between, and shows what each record made it
/// write to `out` in the end.
///
/// A crash throws away what was written and stored since the last commit, as it does exactly-once: the task is made anew on the
/// stores of that commit, and the records since then come again. A torn commit keeps the stores and not the offsets, as at-least-once
/// may: behind it comes a crash. Caches are off, so that each record tells its own results.
struct CrashRun {
    enum Event {
        case record(Int)
        case commit
        case tornCommit
        case crash
    }

    var steps: [[String]]
    private let topology: Topology
    private let inputs: [RuleRun.Input]
    private let backend = InMemoryStateBackend()
    private let output = Output()
    private let clock = Clock()
    private var task: StreamTask
    private var progress: [String: Int64] = [:]

    /// - Parameter plan: what happens, of ``plan(_:_:)``.
    init(_ builder: StreamsBuilder, _ inputs: [RuleRun.Input], _ plan: [Event]) throws {
        self.inputs = inputs
        topology = try builder.build()
        steps = Array(repeating: [], count: inputs.count)
        task = try Self.task(topology, output, backend, clock)
        for event in plan {
            switch event {
            case .record(let index): try process(index)
            case .commit: try commit()
            case .tornCommit: try persist()
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

    /// What a model tells of each record in the end, by the same plan; `restart` forgets what a new task does not know.
    static func steps<Model>(
        of model: Model,
        _ inputs: [RuleRun.Input],
        _ plan: [Event],
        restart: (inout Model) -> Void,
        process: (inout Model, RuleRun.Input) -> [String]
    ) -> [[String]] {
        var steps: [[String]] = Array(repeating: [], count: inputs.count)
        var model = model
        var committed = model
        for event in plan {
            switch event {
            case .record(let index): steps[index] = process(&model, inputs[index])
            case .commit: committed = model
            case .tornCommit: break
            case .crash:
                model = committed
                restart(&model)
            }
        }
        return steps
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
        steps[index] = output.takeAll()
    }

    private mutating func commit() throws {
        try persist()
        progress = task.context.progress
    }

    private func persist() throws {
        try task.flush()
        try task.persist(TaskCheckpoint())
    }

    private mutating func crash() throws {
        task = try Self.task(topology, output, backend, clock)
        task.context.progress = progress
    }

    private static func task(
        _ topology: Topology,
        _ output: Output,
        _ backend: InMemoryStateBackend,
        _ clock: Clock
    ) throws -> StreamTask {
        var settings = TaskSettings(applicationID: "test")
        settings.isCachingEnabled = false
        settings.emitInterval = .zero
        let task = try StreamTask(
            id: TaskID(subtopology: 0, partition: 0),
            topology: topology,
            settings: settings,
            output: output,
            backend: backend,
            clock: clock,
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

extension ModelDifference {
    /// Compares what each input made the engine and the model tell in the end; nil if it is the same.
    init?(
        _ settings: String,
        _ inputs: [RuleRun.Input],
        _ plan: [CrashRun.Event],
        _ run: CrashRun,
        model steps: [[String]],
        isOrdered: Bool = true
    ) {
        func shown(_ step: [String]) -> [String] { isOrdered ? step : Set(step).sorted() }
        guard let index = inputs.indices.first(where: { shown(run.steps[$0]) != shown(steps[$0]) }) else { return nil }
        description =
            "\(settings): \(plan) of \(inputs): input \(index): ours \(shown(run.steps[index])), model \(shown(steps[index]))"
    }
}
