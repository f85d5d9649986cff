/// The committed offsets of one group, and those that wait for the end of a transaction.
///
/// An offset that arrives within a transaction (TxnOffsetCommit) is kept apart, by producer id, until the transaction's
/// end makes it the committed one or drops it. While it waits, the partition has no stable offset. A plain commit that
/// came after the transactional one, but before the transaction's end, is the later of the two and stays: hence
/// every entry has its place in the order of arrival.
struct GroupOffsets: Equatable, Sendable {
    private struct Entry: Equatable, Sendable {
        var committed: CommittedOffset
        var order: UInt64
    }

    private typealias Partitions = [String: [Int32: Entry]]

    private var committed: Partitions = [:]
    private var pending: [Int64: Partitions] = [:]
    private var nextOrder: UInt64 = 0

    var isEmpty: Bool { committed.isEmpty && pending.isEmpty }

    /// Committed, by topic and partition.
    var all: [String: [Int32: CommittedOffset]] {
        committed.mapValues { $0.mapValues(\.committed) }
    }

    /// The records that give this state, in the order of arrival.
    func records(group: String) -> [OffsetLogRecord] {
        var entries: [(order: UInt64, producerID: Int64?, entry: OffsetLogRecord.Entry)] = []
        func collect(_ partitions: Partitions, producerID: Int64?) {
            for (topic, partitions) in partitions {
                for (partition, entry) in partitions {
                    let record = OffsetLogRecord.Entry(topic: topic, partition: partition, offset: entry.committed)
                    entries.append((entry.order, producerID, record))
                }
            }
        }
        collect(committed, producerID: nil)
        for (producerID, partitions) in pending { collect(partitions, producerID: producerID) }
        entries.sort { $0.order < $1.order }

        var records: [OffsetLogRecord] = []
        var rest = entries[...]
        while let first = rest.first {
            let run = rest.prefix { $0.producerID == first.producerID }
            rest = rest.dropFirst(run.count)
            let batch = run.map(\.entry)
            if let producerID = first.producerID {
                records.append(.stage(group: group, producerID: producerID, entries: batch))
            } else {
                records.append(.commit(group: group, entries: batch))
            }
        }
        return records
    }

    subscript(topic: String, partition: Int32) -> CommittedOffset? {
        committed[topic]?[partition]?.committed
    }

    func isPending(_ topic: String, _ partition: Int32) -> Bool {
        pending.values.contains { $0[topic]?[partition] != nil }
    }

    var stagingProducers: [Int64] { pending.keys.sorted() }

    func hasStaged(_ producerID: Int64) -> Bool { pending[producerID] != nil }

    func mentions(_ topic: String) -> Bool {
        committed[topic] != nil || pending.values.contains { $0[topic] != nil }
    }

    mutating func commit(_ offset: CommittedOffset, topic: String, partition: Int32) {
        committed[topic, default: [:]][partition] = Entry(committed: offset, order: takeOrder())
    }

    mutating func stage(_ offset: CommittedOffset, topic: String, partition: Int32, producerID: Int64) {
        pending[producerID, default: [:]][topic, default: [:]][partition] = Entry(committed: offset, order: takeOrder())
    }

    /// The end of a producer's transaction: its offsets become the committed ones, or are forgotten.
    mutating func endTransaction(producerID: Int64, committing: Bool) {
        guard let staged = pending.removeValue(forKey: producerID), committing else { return }
        for (topic, partitions) in staged {
            for (partition, entry) in partitions {
                if let current = committed[topic]?[partition], current.order > entry.order { continue }
                committed[topic, default: [:]][partition] = entry
            }
        }
    }

    mutating func remove(_ topic: String, _ partition: Int32) {
        guard var partitions = committed[topic] else { return }
        partitions[partition] = nil
        committed[topic] = partitions.isEmpty ? nil : partitions
    }

    mutating func removeTopic(_ topic: String) {
        committed[topic] = nil
        for producerID in pending.keys {
            pending[producerID]?[topic] = nil
            if pending[producerID]?.isEmpty == true { pending[producerID] = nil }
        }
    }

    private mutating func takeOrder() -> UInt64 {
        defer { nextOrder += 1 }
        return nextOrder
    }
}
