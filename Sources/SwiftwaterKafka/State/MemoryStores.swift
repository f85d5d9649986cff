internal import Swiftwater
internal import Synchronization

/// The stores of a task that are in memory: its owner reads and writes them, queries on other threads take snapshots.
///
/// A snapshot shares everything with what the owner goes on with, so it costs no more than a count of references; what is shared is
/// copied where the next commits write it (`SortedBytes`). While nobody asks nothing is shared, and commits write in place.
///
/// # Contract
/// - One thread at a time owns the stores: the task's, or the restorer that the task was handed to. It alone calls anything but
///   `keeps` and `snapshot`.
/// - The owner's reads take no lock. Commits take one, so that a snapshot never has half of a commit: each waits for the other for as
///   long as that is in the making.
final class MemoryStores: @unchecked Sendable {
    // Unchecked: the owner writes `state` inside the lock, and others read it inside the lock. What is left, the owner's reads outside of
    // it, meets reads alone.
    private let state = InMemoryStateBackend()
    private let isClosed = Mutex(false)
    private let task: String
    private let names: [String]
    private let isInMemory: [Bool]
    /// Whether all of the task's stores are on disk.
    let isUnused: Bool

    init(task: String, _ definitions: [StoreDefinition]) {
        self.task = task
        names = definitions.map(\.name)
        isInMemory = definitions.map { !$0.isPersistent }
        isUnused = !isInMemory.contains(true)
    }

    /// Whether a store, by its number in the task, is one of them.
    func keeps(_ store: Int) -> Bool { isInMemory[store] }

    /// What is committed now, for one thread.
    ///
    /// - Throws: `stateStoreMigrated` once the task is closed.
    func snapshot() throws -> MemorySnapshot {
        var copy: InMemoryStateBackend?
        isClosed.withLock { isClosed in
            if !isClosed { copy = InMemoryStateBackend(copying: state) }
        }
        guard let copy else {
            throw StreamsError(
                .stateStoreMigrated, "the task was closed: ask the instance that has it now", at: .init(task: task))
        }
        return MemorySnapshot(copy, task: task, stores: names)
    }

    // MARK: The owner

    /// What the owner reads, without a lock.
    var reading: any StateReading { state }

    func checkpoint() -> TaskCheckpoint { state.checkpoint() }

    func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) {
        isClosed.withLock { _ in state.commit(changes, checkpoint: checkpoint) }
    }

    func removeAll(in store: Int) {
        isClosed.withLock { _ in state.removeAll(in: store) }
    }

    /// Gives no snapshots any more; those that were given are read to their end.
    func close() {
        isClosed.withLock { $0 = true }
    }
}
