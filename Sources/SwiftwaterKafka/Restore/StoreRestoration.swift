internal import RDKafka
internal import Swiftwater

/// One store on its way back: its changelog's tail, and the records read but not yet written.
final class StoreRestoration {
    let store: Int
    let partition: RDKafka.TopicPartition
    var tail: ChangelogTail
    private(set) var records = 0
    private let replay: ChangelogReplay

    init(store: Int, partition: RDKafka.TopicPartition, tail: ChangelogTail, replay: ChangelogReplay) {
        self.store = store
        self.partition = partition
        self.tail = tail
        self.replay = replay
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

    func clear() {
        replay.clear()
        records = 0
    }
}
