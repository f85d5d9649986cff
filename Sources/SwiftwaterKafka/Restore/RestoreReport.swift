internal import RDKafka
internal import Swiftwater

/// What a listener is told of one store on its way back; nothing if there is no listener, or nothing to read.
struct RestoreReport {
    private let listener: (any StateRestoreListener)?
    /// Nil once the end was told.
    private var progress: StateRestore?

    /// Tells that the restore begins.
    init(
        to listener: (any StateRestoreListener)?, task: String, store: String, _ partition: KafkaPartition,
        _ tail: ChangelogTail
    ) {
        self.listener = listener
        guard let listener, !tail.isDone else { return }
        let progress = StateRestore(
            task: task, store: store, topic: partition.topic, partition: partition.partition,
            startingOffset: tail.start, endOffset: tail.end, restoredRecords: 0)
        self.progress = progress
        listener.restoreStarted(progress)
    }

    /// Records were written to the store.
    mutating func wrote(_ records: Int) {
        guard records > 0, var progress else { return }
        progress.restoredRecords += records
        self.progress = progress
        listener?.batchRestored(progress, records: records)
    }

    /// The store is complete, or is left as it is.
    mutating func end(isDone: Bool) {
        guard let progress else { return }
        self.progress = nil
        if isDone { listener?.restoreEnded(progress) } else { listener?.restoreSuspended(progress) }
    }
}
