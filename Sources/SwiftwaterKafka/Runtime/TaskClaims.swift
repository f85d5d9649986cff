internal import Swiftwater
internal import Synchronization

/// Which tasks are open in this process: a task that moves from one thread to another is closed by the first before the second opens it.
final class TaskClaims: Sendable {
    private let claimed = Mutex<Set<TaskID>>([])

    func claim(_ task: TaskID) -> Bool {
        claimed.withLock { $0.insert(task).inserted }
    }

    func release(_ task: TaskID) {
        claimed.withLock { _ = $0.remove(task) }
    }
}
