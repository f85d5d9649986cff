/// What a log remembers of an idempotent producer: its epoch and its last five batches.
struct ProducerState: Sendable {
    struct Batch: Sendable {
        var firstSequence: Int32
        var lastSequence: Int32
        var baseOffset: Int64
    }

    static let remembered = 5

    var epoch: Int16
    var batches: [Batch] = []
    /// A marker has raised the epoch, and no batch of it has come yet.
    var isNewEpoch = false

    /// The offset under which the batch is in the log already, or nil if it is the next one.
    func admit(_ header: BatchHeader) throws(LogFailure) -> Int64? {
        if header.producerEpoch < epoch { throw .invalidProducerEpoch }
        if header.producerEpoch > epoch || isNewEpoch {
            guard header.baseSequence == 0 else { throw .outOfOrderSequence }
            return nil
        }
        let known = batches.first {
            $0.firstSequence == header.baseSequence && $0.lastSequence == header.lastSequence
        }
        if let known { return known.baseOffset }
        if let last = batches.last {
            let next = last.lastSequence == Int32.max ? 0 : last.lastSequence + 1
            guard header.baseSequence == next else { throw .outOfOrderSequence }
        }
        return nil
    }

    /// A marker has no sequence, and an epoch all the same.
    mutating func note(_ header: BatchHeader, baseOffset: Int64) {
        if header.producerEpoch != epoch {
            epoch = header.producerEpoch
            batches = []
            isNewEpoch = header.isControl
        }
        if header.isControl { return }
        isNewEpoch = false
        batches.append(
            Batch(firstSequence: header.baseSequence, lastSequence: header.lastSequence, baseOffset: baseOffset))
        if batches.count > Self.remembered { batches.removeFirst() }
    }
}
