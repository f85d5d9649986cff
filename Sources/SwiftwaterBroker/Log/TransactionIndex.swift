// What a partition knows of transactions. All of it comes from the batches of the log, so a start finds it by walking them; only the
// admissions are the coordinator's, which gives them again.
//
// # Contract
// A log that drops batches other than from its beginning (compaction) must keep a marker for as long as any batch of its transaction
// is left: without its marker, the rest of a transaction would count as open for ever. And it must not touch what is at or after
// `lastStableOffset`, since nobody knows yet what becomes of it.

/// The open and the aborted transactions of a partition.
struct TransactionIndex: Sendable {
    /// A transaction whose records no consumer may see, with the offset of its marker.
    struct Aborted: Sendable, Equatable {
        var producerID: Int64
        var firstOffset: Int64
        var lastOffset: Int64
        /// The log's, right after the marker: no transaction that ended later begins before it.
        var lastStableOffset: Int64
    }

    /// The epoch of each producer that may write within a transaction, by its id.
    var admitted: [Int64: Int16] = [:]
    /// The first offset of each transaction that has records here and no end yet, by its producer.
    private(set) var open: [Int64: Int64] = [:]
    /// In the order of their markers.
    private(set) var aborted: [Aborted] = []

    var firstOpenOffset: Int64? { open.values.min() }

    /// A batch that is in the log now; `kind` is what its record says if it is a marker.
    mutating func note(_ header: BatchHeader, baseOffset: Int64, kind: ControlRecord.Kind?) {
        guard header.producerID >= 0, header.isTransactional else { return }
        guard header.isControl else {
            if open[header.producerID] == nil { open[header.producerID] = baseOffset }
            return
        }
        guard kind != nil, let first = open.removeValue(forKey: header.producerID), kind == .abort else { return }
        let last = baseOffset + Int64(header.lastOffsetDelta)
        aborted.append(
            Aborted(
                producerID: header.producerID, firstOffset: first, lastOffset: last,
                lastStableOffset: firstOpenOffset ?? last + 1))
    }

    /// The aborted transactions that have records in a range, by their first offset.
    func aborted(in range: Range<Int64>) -> [AbortedTransaction] {
        var low = 0
        var high = aborted.count
        while low < high {
            let middle = (low + high) / 2
            if aborted[middle].lastOffset < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        var found: [AbortedTransaction] = []
        for entry in aborted[low...] {
            if entry.firstOffset < range.upperBound {
                found.append(AbortedTransaction(producerID: entry.producerID, firstOffset: entry.firstOffset))
            }
            if entry.lastStableOffset >= range.upperBound { break }
        }
        return found.sorted { $0.firstOffset < $1.firstOffset }
    }

    /// Forgets what nobody can read any more.
    mutating func dropAborted(before start: Int64) {
        let gone = aborted.prefix { $0.lastOffset < start }.count
        aborted.removeFirst(gone)
    }

    /// Compaction has dropped the markers at these offsets, and with them the last of their transactions. To be called before anybody
    /// reads: a consumer told of one would take what its producer wrote later for aborted, as no marker ends it any more.
    mutating func forget(markers offsets: Set<Int64>) {
        aborted.removeAll { offsets.contains($0.lastOffset) }
    }
}
