internal import RDKafka
internal import Swiftwater

/// One partition of a global topic: what was fetched of it, and how far it has to be read before stream tasks may start.
final class GlobalInput {
    let partition: KafkaPartition
    private(set) var tail: ChangelogTail
    /// Fetched and not processed yet.
    private(set) var batch = RecordBatch()
    /// The offset of the next record to be fetched.
    private(set) var position: Int64
    /// Records of the tail that are processed and not committed yet.
    private var uncommitted = 0
    private var report: RestoreReport

    init(_ partition: KafkaPartition, store: String, tail: ChangelogTail, listener: (any StateRestoreListener)?) {
        self.partition = partition
        self.tail = tail
        position = tail.start
        report = RestoreReport(to: listener, task: GlobalThread.taskName, store: store, partition, tail)
    }

    func take(_ message: borrowing Message) {
        // What was prefetched before an assignment may still come.
        guard message.offset >= position else { return }
        position = message.offset + 1
        batch.append(message)
    }

    /// The records fetched since the last call.
    func takeBatch() -> RecordBatch {
        defer { batch = RecordBatch() }
        uncommitted += batch.count
        return batch
    }

    func reachedEnd(at offset: Int64) {
        position = max(position, offset)
    }

    /// What was taken is processed and committed; returns how many records that were.
    func committed() -> Int {
        tail.reachedEndOfPartition(at: position)
        report.wrote(uncommitted)
        defer { uncommitted = 0 }
        if tail.isDone { report.end(isDone: true) }
        return uncommitted
    }

    /// The reading ends before the tail does.
    func tellEnd() {
        report.end(isDone: false)
    }
}
