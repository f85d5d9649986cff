internal import Swiftwater

/// The stores of a task that this process has open, and how the task stood when it was last heard of.
struct LocalCopy: StoreCopy, Sendable {
    let source: SnapshotSource
    let isActive: Bool
    /// By input: the offset after the last record that the stores surely have the effects of, whatever is recorded with them.
    let inputs: [TopicPartition: Int64]

    func read<Answer>(_ body: (any StateReading, Position) throws -> Answer) throws -> Answer {
        let snapshot = try source.snapshot()
        defer { snapshot.end() }
        let recorded = try snapshot.checkpoint().inputOffsets
        return try body(snapshot, Position(next: recorded.merging(inputs, uniquingKeysWith: max)))
    }
}
