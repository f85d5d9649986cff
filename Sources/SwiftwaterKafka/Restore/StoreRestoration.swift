internal import RDKafka
internal import Swiftwater

/// One store on its way back: its changelog's tail, and the records read but not yet written.
final class StoreRestoration {
    let store: Int
    let partition: RDKafka.TopicPartition
    var tail: ChangelogTail
    private(set) var buffer = WriteBuffer()
    private(set) var records = 0
    private var stored: [UInt8] = []

    init(store: Int, partition: RDKafka.TopicPartition, tail: ChangelogTail) {
        self.store = store
        self.partition = partition
        self.tail = tail
    }

    /// Takes a record of the changelog: a value with its time in front (F-06), or a deletion.
    func take(offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        tail.read(offset)
        records += 1
        guard let key else { return }
        guard let value else {
            _ = buffer.set(key, nil)
            return
        }
        stored.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: timestamp.bigEndian) { stored.append(contentsOf: $0) }
        stored.append(contentsOf: value)
        stored.withUnsafeBytes { _ = buffer.set(key, $0) }
    }

    /// The changes read so far.
    var changes: StoreChanges { StoreChanges(store: store, sorting: buffer) }

    func clear() {
        buffer.clear()
        records = 0
    }
}
