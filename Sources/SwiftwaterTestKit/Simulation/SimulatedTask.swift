import Swiftwater

/// A task of a member with what the member knows of it.
final class SimulatedTask {
    enum Phase { case restoring, running, suspended }

    /// A store on its way back from its changelog.
    struct Restoration {
        let store: Int
        let partition: TopicPartition
        var tail: ChangelogTail
        let replay: ChangelogReplay
        /// The offset after the last record that was handed over; nil before the first.
        var position: Int64?
    }

    let task: StreamTask
    let backend: InMemoryStateBackend
    var phase = Phase.restoring
    var restorations: [Restoration] = []
    var positions: [TopicPartition: Int64] = [:]
    var committed: [TopicPartition: Int64] = [:]
    /// What the commit that is under way commits of its inputs: decided once, since positions may move on meanwhile.
    var committing: [TopicPartition: CommittableOffset] = [:]

    init(_ task: StreamTask, _ backend: InMemoryStateBackend) {
        self.task = task
        self.backend = backend
    }

    /// By store: the partition of its changelog.
    func changelogs(applicationID: String) -> [(store: Int, partition: TopicPartition)] {
        task.subtopology.stores.enumerated().compactMap { index, store in
            guard store.isLogged else { return nil }
            return (index, TopicPartition(store.changelogTopic(applicationID: applicationID), task.id.partition))
        }
    }

    /// What is to be committed of its inputs.
    func moved() -> [TopicPartition: CommittableOffset] {
        task.committableOffsets { positions[$0] }.filter { $0.value.offset != committed[$0.key] }
    }
}
