internal import Swiftwater

/// The stores of a task that this process has open, and how the task stood when it was last heard of.
struct LocalCopy: StoreCopy, Sendable {
    /// Those on disk.
    let source: SnapshotSource
    let isActive: Bool
    /// By input: the offset after the last record that the stores surely have the effects of, whatever is recorded with them.
    let inputs: [TopicPartition: Int64]
    /// Those in memory; nil where none can be.
    var memory: MemoryStores?

    func read<Answer>(_ store: Int, _ body: (any StateReading, Position) throws -> Answer) throws -> Answer {
        if let memory, memory.keeps(store) {
            let snapshot = try memory.snapshot()
            defer { snapshot.end() }
            return try body(snapshot, position(snapshot.checkpoint))
        }
        let snapshot = try source.snapshot()
        defer { snapshot.end() }
        return try body(snapshot, position(try snapshot.checkpoint()))
    }

    /// By store: the offset after the last record of its changelog that it holds.
    func changelogOffsets() throws -> [Int: Int64] {
        let snapshot = try source.snapshot()
        defer { snapshot.end() }
        let lasting = try snapshot.checkpoint().changelogOffsets
        guard let memory else { return lasting }
        return try memory.snapshot().checkpoint.changelogOffsets.merging(lasting) { volatile, _ in volatile }
    }

    private func position(_ recorded: TaskCheckpoint) -> Position {
        Position(next: recorded.inputOffsets.merging(inputs, uniquingKeysWith: max))
    }
}
