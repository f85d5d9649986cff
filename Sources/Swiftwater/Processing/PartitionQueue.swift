/// The undecoded records of one input partition of a task, and the typed head that will be processed next.
///
/// Its ``SourceReader`` knows the types.
package final class PartitionQueue {
    package let source: TopicPartition
    let context: TaskContext
    private let reader: SourceReader

    @exclusivity(unchecked) private(set) var batches: [RecordBatch] = []
    /// The batch and the record in it that the head was read from, or will be.
    @exclusivity(unchecked) private(set) var batchIndex = 0
    @exclusivity(unchecked) private(set) var recordIndex = 0
    /// Records not yet processed, the head included.
    @exclusivity(unchecked) package private(set) var count = 0

    /// The event time of the head; nil while there is none.
    @exclusivity(unchecked) package internal(set) var headTimestamp: Timestamp?
    /// The highest event time taken out of the queue (S-01); committed with the offset (S-05).
    @exclusivity(unchecked) package var partitionTime: Timestamp = .unknown
    /// The offset after the last record that was processed or skipped; nil before the first.
    @exclusivity(unchecked) package internal(set) var consumedOffset: Int64?
    /// How far the broker's end is from what was fetched; nil until that is known (S-03).
    @exclusivity(unchecked) package var lag: Int64?
    /// When the queue was first seen empty with nothing to fetch (S-04).
    @exclusivity(unchecked) var idleSince: Timestamp?

    init(source: TopicPartition, context: TaskContext, reader: SourceReader) {
        self.source = source
        self.context = context
        self.reader = reader
    }

    /// Puts records at the end.
    package func add(_ batch: RecordBatch) throws {
        if batch.isEmpty { return }
        batches.append(batch)
        count += batch.count
        idleSince = nil
        if headTimestamp == nil { try advanceToHead() }
    }

    /// Forgets what is queued; times stay.
    package func clear() {
        batches.removeAll()
        batchIndex = 0
        recordIndex = 0
        count = 0
        headTimestamp = nil
        reader.drop()
    }

    /// The offset to commit: that of the next record, or where the consumer stands if nothing is queued (S-09).
    package func committableOffset(position: Int64?) -> Int64? {
        if count > 0 { return batches[batchIndex].offset(at: recordIndex) }
        guard let consumedOffset else { return position }
        return max(consumedOffset, position ?? 0)
    }

    /// The head as bytes, also while it is being processed.
    var head: (batch: RecordBatch, index: Int)? {
        count > 0 ? (batches[batchIndex], recordIndex) : nil
    }

    /// Reads records until one is fit to be processed, and makes it the head.
    func advanceToHead() throws {
        headTimestamp = nil
        while count > 0 {
            let batch = batches[batchIndex]
            let offset = batch.offset(at: recordIndex)
            if let timestamp = try reader.read(batch, recordIndex, partitionTime) {
                headTimestamp = timestamp
                return
            }
            removeFirst()
            consumedOffset = offset + 1
        }
    }

    /// Processes the head and reads the next one.
    func processHead() throws {
        guard let timestamp = headTimestamp else { return }
        let offset = batches[batchIndex].offset(at: recordIndex)
        partitionTime = max(partitionTime, timestamp)
        context.streamTime = max(context.streamTime, timestamp)
        context.topic = source.topic
        context.partition = source.partition
        context.offset = offset
        context.timestamp = timestamp
        defer { context.offset = -1 }
        try reader.forward()
        removeFirst()
        consumedOffset = offset + 1
        try advanceToHead()
    }

    private func removeFirst() {
        count -= 1
        recordIndex += 1
        if recordIndex == batches[batchIndex].count {
            recordIndex = 0
            batchIndex += 1
            if batchIndex == batches.count {
                batches.removeAll(keepingCapacity: true)
                batchIndex = 0
            } else if batchIndex >= 32 {
                batches.removeFirst(batchIndex)
                batchIndex = 0
            }
        }
    }
}
