internal import RDKafka
internal import Swiftwater

/// A task of a stream thread, with what the thread knows of it: its stores on disk, where its inputs stand, how far it is restored.
final class RunningTask {
    enum Phase {
        /// The restorer has the backend; the thread must not touch it.
        case restoring
        case running
        /// Revoked after a commit; the stores stay open for the case that it comes back.
        case suspended
    }

    let task: StreamTask
    /// Nil for a task without stores.
    let backend: TaskStores?
    var phase: Phase = .restoring { didSet { publish() } }
    /// By input: the offset of the next record to be fetched.
    var positions: [Swiftwater.TopicPartition: Int64]
    /// By input: the group's committed offset as this task left or found it.
    var committed: [Swiftwater.TopicPartition: Int64]
    /// What the commit that is under way commits of its inputs: decided once, since positions may move on while it waits.
    var committing: [Swiftwater.TopicPartition: CommittableOffset] = [:]

    private let stores: LocalStores

    init(
        _ task: StreamTask,
        _ backend: TaskStores?,
        positions: [Swiftwater.TopicPartition: Int64],
        committed: [Swiftwater.TopicPartition: Int64],
        stores: LocalStores
    ) {
        self.task = task
        self.backend = backend
        self.positions = positions
        self.committed = committed
        self.stores = stores
        publish()
    }

    /// Tells queries how the task stands. One that is restored has the effects of all that the group had committed then.
    private func publish() {
        guard let backend else { return }
        let copy = LocalCopy(
            source: backend.disk.snapshots, isActive: phase == .running,
            inputs: phase == .restoring ? [:] : committed, memory: backend.memory)
        stores.set(copy, of: id)
    }

    var id: TaskID { task.id }

    /// The topic of each store that is filled from one, instead of a changelog.
    var sourceStores: [(store: Int, topic: String)] {
        task.subtopology.stores.enumerated().compactMap { index, store in store.sourceTopic.map { (index, $0) } }
    }

    /// The changelog partition of each logged store.
    func changelogs(applicationID: String) -> [(store: Int, topic: String)] {
        task.subtopology.stores.enumerated().compactMap { index, store in
            store.isLogged ? (index, store.changelogTopic(applicationID: applicationID)) : nil
        }
    }
}
