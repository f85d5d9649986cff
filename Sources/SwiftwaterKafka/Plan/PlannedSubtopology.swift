internal import Swiftwater

/// A sub-topology with the topics of this application and their partition counts.
struct PlannedSubtopology: Hashable, Sendable {
    var id: Int
    /// The topics that its tasks read, by name; the counts may differ where no store is kept.
    var sources: [String: Int32]
    /// The topic by whose partitions the group hands out the tasks.
    var lead: String
    var taskCount: Int32

    /// The partitions that a task reads.
    func inputs(of partition: Int32) -> [TopicPartition] {
        sources.filter { partition < $0.value }.map { TopicPartition($0.key, partition) }.sorted()
    }
}
