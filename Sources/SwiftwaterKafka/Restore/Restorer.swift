internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater
internal import Synchronization

/// Reads changelogs into stores on a thread and consumer of its own, so that the stream thread goes on polling.
///
/// Tasks are submitted and come back through ``takeFinished()``, restored, failed or (after ``cancel(_:)``) with as much as was written.
final class Restorer: Sendable {
    private struct Desk {
        var submitted: [TaskRestoration] = []
        var finished: [TaskRestoration] = []
        var cancelled: Set<TaskID> = []
        var held: Set<TaskID> = []
        var isStopping = false
        var isRunning = false
    }

    private let desk = Mutex(Desk())
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let configuration: KafkaConfiguration
    private let timeout: Duration
    private let pause: PauseSwitch
    private let logger: Logger
    private let wake: @Sendable () -> Void

    /// - Parameters:
    ///   - pause: while it is on nothing is read (S-107); tasks are taken and given back all the same.
    ///   - wake: called when a task has come back.
    init(
        _ configuration: KafkaConfiguration,
        timeout: Duration,
        pause: PauseSwitch,
        logger: Logger,
        wake: @escaping @Sendable () -> Void
    ) {
        self.configuration = configuration
        self.timeout = timeout
        self.pause = pause
        self.logger = logger
        self.wake = wake
    }

    func submit(_ task: TaskRestoration) {
        let starts = desk.withLock { desk in
            desk.submitted.append(task)
            desk.held.insert(task.task)
            defer { desk.isRunning = true }
            return !desk.isRunning
        }
        bell.signal()
        guard starts else { return }
        let thread = Thread { [self] in
            work()
            ended.signal()
        }
        thread.name = "restore"
        thread.stackSize = 1 << 21
        thread.start()
    }

    func takeFinished() -> [TaskRestoration] {
        desk.withLock { desk in
            defer { desk.finished = [] }
            return desk.finished
        }
    }

    /// Waits until the restorer holds none of these tasks any more; they come back through ``takeFinished()``.
    func cancel(_ tasks: Set<TaskID>, limit: Duration) -> Bool {
        // Only of those that are here: the same task may be submitted again later.
        desk.withLock { $0.cancelled.formUnion(tasks.intersection($0.held)) }
        bell.signal()
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while desk.withLock({ !$0.held.isDisjoint(with: tasks) }) {
            guard clock.now < deadline else { return false }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return true
    }

    /// Ends the thread after the batch it is at.
    func stop() {
        let isRunning = desk.withLock { desk in
            desk.isStopping = true
            return desk.isRunning
        }
        bell.signal()
        if isRunning { ended.wait() }
    }

    // MARK: On the restorer's thread

    private func work() {
        var consumer: Consumer?
        var ends: Consumer?
        var active: [TaskRestoration] = []
        var isOutdated = false
        let absence = BrokerAbsence(logger)
        while !desk.withLock({ $0.isStopping }) {
            if takeDesk(&active) { isOutdated = true }
            if pause.isOn {
                _ = bell.wait(timeout: .now() + 0.1)
                continue
            }
            do {
                let reader = try consumer ?? Consumer(configuration)
                let isNew = consumer == nil
                consumer = reader
                let unbegun = active.filter { !$0.isBegun }
                if !unbegun.isEmpty {
                    let asked = try ends ?? Consumer(endReading)
                    ends = asked
                    try begin(unbegun, reader, ends: asked)
                }
                let done = active.filter(\.isDone)
                active.removeAll(where: \.isDone)
                if isNew || isOutdated || !unbegun.isEmpty || !done.isEmpty { try assign(active, reader) }
                isOutdated = false
                giveBack(done)
                if active.isEmpty {
                    bell.wait()
                } else {
                    try read(active, reader)
                }
            } catch let error as KafkaError where error.isRetriable && !error.isFatal {
                // The broker is away: what was read stays, and is gone on from.
                absence.complain("restore stores", error)
                for open in [consumer, ends] { open?.close(limit: .seconds(1)) }
                (consumer, ends) = (nil, nil)
                _ = bell.wait(timeout: .now() + 0.5)
            } catch {
                for task in active where task.failure == nil { task.failure = error }
                giveBack(active)
                active = []
                for open in [consumer, ends] { open?.close(limit: .seconds(5)) }
                (consumer, ends) = (nil, nil)
            }
        }
        giveBack(active + desk.withLock { $0.submitted })
        for open in [consumer, ends] { open?.close(limit: .seconds(5)) }
    }

    /// For asking where changelogs end: with open transactions. What is committed behind one that a former owner has left open is not
    /// to be read before that one ends, and would be missing from the store.
    private var endReading: KafkaConfiguration {
        var configuration = configuration
        configuration["isolation.level"] = "read_uncommitted"
        return configuration
    }

    /// Takes what was submitted and gives back what was cancelled; whether something was.
    private func takeDesk(_ active: inout [TaskRestoration]) -> Bool {
        let (new, cancelled) = desk.withLock { desk in
            defer {
                desk.submitted = []
                desk.cancelled = []
            }
            return (desk.submitted, desk.cancelled)
        }
        active += new
        let left = active.filter { cancelled.contains($0.task) }
        active.removeAll { cancelled.contains($0.task) }
        giveBack(left)
        return !left.isEmpty
    }

    private func giveBack(_ tasks: [TaskRestoration]) {
        if tasks.isEmpty { return }
        for task in tasks where task.failure == nil {
            do { if task.hasMoved { try task.write() } } catch { task.failure = error }
            task.tellEnd()
        }
        desk.withLock { desk in
            desk.finished += tasks
            desk.held.subtract(tasks.map(\.task))
        }
        wake()
    }

    private func begin(_ tasks: [TaskRestoration], _ consumer: Consumer, ends asked: Consumer) throws {
        let partitions = Array(Set(tasks.flatMap { $0.restored.map(\.partition) }))
        let beginnings = try consumer.beginningOffsets(partitions, timeout: timeout)
        let ends = try asked.endOffsets(partitions, timeout: timeout)
        let beginningOf = Dictionary(beginnings.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        let endOf = Dictionary(ends.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        for task in tasks {
            try task.begin(beginnings: beginningOf, ends: endOf, now: SystemClock().now())
            let records = task.stores.reduce(0) { $0 + $1.tail.remaining }
            let rebuilt = task.stores.filter(\.tail.isRebuild).map(\.name)
            if !rebuilt.isEmpty {
                logger.warning(
                    "stores and their changelogs do not fit together; they are rebuilt",
                    metadata: ["task": "\(task.task)", "stores": "\(rebuilt.joined(separator: " "))"])
            }
            logger.info("restoring", metadata: ["task": "\(task.task)", "records": "\(records)"])
        }
    }

    private func assign(_ tasks: [TaskRestoration], _ consumer: Consumer) throws {
        // Stores of one source topic read it together.
        var positions: [KafkaPartition: Int64] = [:]
        for store in tasks.flatMap(\.stores) where !store.tail.isDone {
            positions[store.partition] = min(positions[store.partition] ?? .max, store.tail.position)
        }
        try consumer.assign(positions.map { PartitionOffset($0.key, $0.value) })
    }

    private func read(_ tasks: [TaskRestoration], _ consumer: Consumer) throws {
        let stores = Dictionary(grouping: tasks.flatMap(\.stores), by: \.partition)
        var failure: (any Error)?
        _ = try consumer.poll(timeout: .milliseconds(100)) { message in
            guard failure == nil, let readers = stores[consumer.partition(numbered: message.partitionNumber)] else {
                return
            }
            do {
                for store in readers { try store.take(message) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        while let event = consumer.nextEvent() {
            switch event {
            case .endOfPartition(let partition, _, let offset):
                for store in stores[partition] ?? [] { store.tail.reachedEndOfPartition(at: offset) }
            case .failed(let error, let partition):
                if partition != nil || error.isFatal { throw error }
            default: break
            }
        }
        for task in tasks where task.pendingRecords >= 20_000 || (task.isDone && task.pendingRecords > 0) {
            try task.write()
            CrashPoint.duringRestore.pass()
        }
    }
}
