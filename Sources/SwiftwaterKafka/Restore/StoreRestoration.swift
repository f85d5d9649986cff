internal import RDKafka
internal import Swiftwater

/// One store on its way back: the tail of what it is restored from, and the records read but not yet written.
final class StoreRestoration {
    let store: Int
    let name: String
    let partition: KafkaPartition
    var tail: ChangelogTail
    private(set) var records = 0
    /// Records written so far.
    private(set) var written = 0
    private var replay: StoreReplay
    private var report: RestoreReport

    init(_ restored: RestoredStore, task: TaskID, tail: ChangelogTail, listener: (any StateRestoreListener)?) {
        store = restored.store
        name = restored.definition.name
        partition = restored.partition
        self.tail = tail
        replay = restored.replay
        report = RestoreReport(to: listener, task: task.description, store: name, partition, tail)
    }

    /// Takes a record if it is one of the tail.
    func take(_ message: borrowing Message) throws {
        guard tail.wants(message.offset) else { return }
        tail.read(message.offset)
        records += 1
        try replay.take(message)
    }

    /// The changes of the records read so far.
    func changes() throws -> StoreChanges { try replay.changes() }

    /// The changes are written.
    func clear() {
        report.wrote(records)
        written += records
        replay.clear()
        records = 0
    }

    /// Tells the listener that the store is complete, or that it is left as it is.
    func tellEnd() {
        replay.close()
        report.end(isDone: tail.isDone)
    }
}
