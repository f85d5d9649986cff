/// A task: one partition of one sub-topology, written `0_3`; the counterpart of `TaskId`.
public struct TaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of the sub-topology.
    public var subtopology: Int
    /// The partition of its topics.
    public var partition: Int32

    /// Names a task.
    public init(subtopology: Int, partition: Int32) {
        self.subtopology = subtopology
        self.partition = partition
    }

    /// Reads `0_3`; nil if the text is not of that form.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let subtopology = Int(parts[0]), let partition = Int32(parts[1]),
            subtopology >= 0, partition >= 0
        else { return nil }
        self.init(subtopology: subtopology, partition: partition)
    }

    /// By sub-topology, then partition.
    public static func < (lhs: TaskID, rhs: TaskID) -> Bool {
        (lhs.subtopology, lhs.partition) < (rhs.subtopology, rhs.partition)
    }

    /// `subtopology_partition`.
    public var description: String { "\(subtopology)_\(partition)" }
}
