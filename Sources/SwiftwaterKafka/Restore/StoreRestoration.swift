internal import RDKafka
internal import Swiftwater

/// One store on its way back: its changelog's tail, and the records read but not yet written.
final class StoreRestoration {
    let store: Int
    let partition: RDKafka.TopicPartition
    var tail: ChangelogTail
    private(set) var records = 0
    private let replay: ChangelogReplay
    /// What the listener is told; nil once it was told the end.
    private var progress: StateRestore?
    private let listener: (any StateRestoreListener)?

    init(
        _ definition: StoreDefinition,
        store: Int,
        task: TaskID,
        partition: RDKafka.TopicPartition,
        tail: ChangelogTail,
        replay: ChangelogReplay,
        listener: (any StateRestoreListener)?
    ) {
        self.store = store
        self.partition = partition
        self.tail = tail
        self.replay = replay
        self.listener = listener
        guard listener != nil, !tail.isDone else { return }
        let progress = StateRestore(
            task: task.description, store: definition.name, topic: partition.topic, partition: partition.partition,
            startingOffset: tail.start, endOffset: tail.end, restoredRecords: 0)
        self.progress = progress
        listener?.restoreStarted(progress)
    }

    /// Takes a record of the changelog; one without a key is none of a store.
    func take(offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) throws {
        tail.read(offset)
        records += 1
        guard let key else { return }
        try replay.take(key: key, value: value, timestamp: Timestamp(rawValue: timestamp))
    }

    /// The changes read so far.
    var changes: StoreChanges { replay.changes }

    /// The changes are written.
    func clear() {
        if records > 0, var progress {
            progress.restoredRecords += records
            self.progress = progress
            listener?.batchRestored(progress, records: records)
        }
        replay.clear()
        records = 0
    }

    /// Tells the listener that the store is complete, or that it is left as it is.
    func tellEnd() {
        guard let progress else { return }
        self.progress = nil
        if tail.isDone { listener?.restoreEnded(progress) } else { listener?.restoreSuspended(progress) }
    }
}
