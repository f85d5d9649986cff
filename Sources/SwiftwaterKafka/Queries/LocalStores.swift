internal import Swiftwater
internal import Synchronization

/// The tasks with stores that this process has open, as queries find them; the stream threads keep it up to date.
final class LocalStores: Sendable {
    private struct Shelf {
        var plan: TopologyPlan?
        var globals: GlobalTables?
        var copies: [TaskID: LocalCopy] = [:]
    }

    private let shelf = Mutex(Shelf())

    /// How many partitions stores have is known from now on.
    func open(_ plan: TopologyPlan, _ globals: GlobalTables?) {
        shelf.withLock { shelf in
            shelf.plan = plan
            shelf.globals = globals
        }
    }

    /// The global tables; nil until they are loaded.
    var globalCopy: LocalCopy? {
        shelf.withLock { $0.globals }?.snapshots.map { LocalCopy(source: $0, isActive: true, inputs: [:]) }
    }

    /// A task was opened, or stands otherwise than before.
    func set(_ copy: LocalCopy, of task: TaskID) {
        shelf.withLock { $0.copies[task] = copy }
    }

    /// A task is about to be closed. Queries that read it go on to their end; new ones do not find it.
    func remove(_ task: TaskID) {
        shelf.withLock { _ = $0.copies.removeValue(forKey: task) }
    }

    /// How many partitions a sub-topology's stores have, and those that are here; nil before the plan is known.
    func partitions(of subtopology: Int) -> (count: Int32, copies: [Int32: LocalCopy])? {
        shelf.withLock { shelf in
            guard let part = shelf.plan?.subtopologies.first(where: { $0.id == subtopology }) else { return nil }
            var copies: [Int32: LocalCopy] = [:]
            for (task, copy) in shelf.copies where task.subtopology == subtopology { copies[task.partition] = copy }
            return (part.taskCount, copies)
        }
    }

    /// All that are here.
    var copies: [TaskID: LocalCopy] { shelf.withLock { $0.copies } }
}
