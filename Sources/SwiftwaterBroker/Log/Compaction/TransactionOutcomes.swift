/// How the transactions of a log ended, as its markers say.
struct TransactionOutcomes {
    private struct Marker {
        var offset: Int64
        var isAbort: Bool
    }

    private var markers: [Int64: [Marker]] = [:]
    /// Of any kind, also markers: what says which epoch a producer has.
    private(set) var lastBatches: [Int64: Int64] = [:]
    /// The last of data, as many as a log remembers: what says which sequence number a producer has, and what it may send again.
    private(set) var lastData: [Int64: [Int64]] = [:]

    mutating func note(_ batch: StoredBatch) {
        let header = batch.header
        guard header.producerID >= 0 else { return }
        lastBatches[header.producerID] = header.baseOffset
        if header.isControl {
            guard let kind = ControlRecord.kind(in: batch.bytes) else { return }
            markers[header.producerID, default: []]
                .append(Marker(offset: header.baseOffset, isAbort: kind == .abort))
        } else {
            lastData[header.producerID, default: []].append(header.baseOffset)
            if let count = lastData[header.producerID]?.count, count > ProducerState.remembered {
                lastData[header.producerID]?.removeFirst()
            }
        }
    }

    /// The marker after the data decides.
    func isAborted(_ batch: StoredBatch) -> Bool {
        guard batch.header.isTransactional, !batch.header.isControl,
            let ofProducer = markers[batch.header.producerID]
        else { return false }
        var low = 0
        var high = ofProducer.count
        while low < high {
            let middle = (low + high) / 2
            if ofProducer[middle].offset < batch.header.baseOffset { low = middle + 1 } else { high = middle }
        }
        return low < ofProducer.count && ofProducer[low].isAbort
    }

    /// Whether a producer's state would be another without the batch.
    func isRemembered(_ batch: StoredBatch) -> Bool {
        let header = batch.header
        guard header.producerID >= 0 else { return false }
        if header.isControl { return lastBatches[header.producerID] == header.baseOffset }
        return lastData[header.producerID]?.contains(header.baseOffset) ?? false
    }
}
