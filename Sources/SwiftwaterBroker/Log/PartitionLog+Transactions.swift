import NIOCore
import Synchronization

extension PartitionLog {
    /// What a consumer gets of a partition.
    struct Fetched: Sendable {
        var records = ByteBuffer()
        /// nil under read_uncommitted.
        var abortedTransactions: [AbortedTransaction]?
        var endOffset: Int64
        var lastStableOffset: Int64
        var startOffset: Int64
    }

    /// The offset before which every transaction has ended: the end, or where the oldest open transaction begins.
    var lastStableOffset: Int64 { state.withLock { $0.lastStableOffset } }

    /// Producers with records of a transaction that has not ended.
    var openTransactions: [Int64] { state.withLock { $0.transactions.open.keys.sorted() } }

    /// The one of its last batch here, or -1.
    func epoch(of producerID: Int64) -> Int16 { state.withLock { $0.producers[producerID]?.epoch ?? -1 } }

    /// From now on, until its marker, the producer may write within a transaction.
    func admitTransaction(producerID: Int64, epoch: Int16) {
        state.withLock { $0.transactions.admitted[producerID] = epoch }
    }

    /// Writes the marker that ends the producer's transaction here, even if it has no records here: it also shuts older epochs out.
    func endTransaction(_ marker: ControlRecord, now: Int64) throws {
        try state.withLock { state in
            guard !state.isClosed else { throw LogFailure.io("\(directory): closed") }
            let batch = marker.batch(baseOffset: state.end, timestamp: now)
            guard let header = BatchHeader(batch, at: 0) else { throw LogFailure.corrupt("marker") }
            try write(batch, [header], to: &state)
            state.transactions.admitted[marker.producerID] = nil
        }
    }

    /// Read and looked up in one go, so that the answer is of one moment.
    func fetch(from offset: Int64, maxBytes: Int, minOneBatch: Bool, isolation: IsolationLevel) throws -> Fetched {
        try state.withLock { state in
            var fetched = Fetched(
                abortedTransactions: isolation == .readCommitted ? [] : nil, endOffset: state.end,
                lastStableOffset: state.lastStableOffset, startOffset: state.start)
            let bound = isolation == .readCommitted ? fetched.lastStableOffset : fetched.endOffset
            if offset > bound, offset <= fetched.endOffset { return fetched }
            fetched.records = try read(
                from: offset, before: bound, maxBytes: maxBytes, minOneBatch: minOneBatch, in: state)
            if isolation == .readCommitted, let end = Self.end(of: fetched.records) {
                fetched.abortedTransactions = state.transactions.aborted(in: offset..<end)
            }
            return fetched
        }
    }

    private static func end(of batches: ByteBuffer) -> Int64? {
        var position = batches.readerIndex
        var end: Int64?
        while let header = BatchHeader(batches, at: position) {
            end = header.lastOffset + 1
            position += header.totalSize
        }
        return end
    }

    /// Refuses what belongs to no transaction that was begun here, and what stands outside one that is open.
    func checkTransaction(_ headers: [BatchHeader], in state: State) throws(LogFailure) {
        for header in headers {
            if header.isTransactional {
                guard header.producerID >= 0, header.baseSequence >= 0 else {
                    throw .invalidRecord("a transactional batch without producer")
                }
                guard state.transactions.admitted[header.producerID] == header.producerEpoch else {
                    throw .invalidTransactionState
                }
            } else if state.transactions.open[header.producerID] != nil {
                throw .invalidTransactionState
            }
        }
    }
}

extension PartitionLog.State {
    var lastStableOffset: Int64 { max(start, transactions.firstOpenOffset ?? end) }
}
