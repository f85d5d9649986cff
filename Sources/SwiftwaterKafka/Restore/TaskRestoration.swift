internal import RDKafka
internal import Swiftwater

/// A task in the hands of the restorer.
///
/// Sendable because it has one owner at a time: the stream thread gives it away when it submits it, and touches its backend
/// again only after the restorer has given it back.
final class TaskRestoration: @unchecked Sendable {
    let task: TaskID
    let backend: TaskStores
    /// What is to be restored.
    let restored: [RestoredStore]
    private let listener: (any StateRestoreListener)?
    private(set) var stores: [StoreRestoration] = []
    /// Whether the tails are known.
    private(set) var isBegun = false
    var checkpoint = TaskCheckpoint()
    /// Records written so far.
    private(set) var records = 0
    var failure: (any Error)?

    init(
        _ task: TaskID,
        _ backend: TaskStores,
        _ restored: [RestoredStore],
        listener: (any StateRestoreListener)?
    ) {
        self.task = task
        self.backend = backend
        self.restored = restored
        self.listener = listener
    }

    var isDone: Bool { isBegun && stores.allSatisfy(\.tail.isDone) }
    var pendingRecords: Int { stores.reduce(0) { $0 + $1.records } }
    /// Whether the checkpoint on disk is behind; markers move it too, so that they are not read again.
    var hasMoved: Bool {
        stores.contains { $0.tail.position != checkpoint.changelogOffsets[$0.store, default: 0] }
    }

    /// Finds the tails, emptying stores that must be rebuilt.
    func begin(
        beginnings: [RDKafka.TopicPartition: Int64], ends: [RDKafka.TopicPartition: Int64], now: Timestamp
    ) throws {
        checkpoint = try backend.checkpoint()
        stores = try restored.map { restored in
            let end = ends[restored.partition] ?? 0
            let tail = ChangelogTail(
                kept: checkpoint.changelogOffsets[restored.store],
                beginning: beginnings[restored.partition] ?? 0,
                end: restored.limit.map { min($0, end) } ?? end,
                isOutdated: backend.disk.isOutdated(restored.definition, at: now),
                isLimited: restored.limit != nil
            )
            if tail.isRebuild {
                try backend.removeAll(in: restored.store)
                checkpoint.changelogOffsets[restored.store] = nil
            }
            return StoreRestoration(restored, task: task, tail: tail, listener: listener)
        }
        isBegun = true
    }

    /// Writes what was read, in one transaction.
    func write() throws {
        for store in stores { checkpoint.changelogOffsets[store.store] = store.tail.position }
        try backend.commit(stores.filter { $0.records > 0 }.map { try $0.changes() }, checkpoint: checkpoint)
        records += pendingRecords
        for store in stores { store.clear() }
    }

    func tellEnd() {
        for store in stores { store.tellEnd() }
    }
}
