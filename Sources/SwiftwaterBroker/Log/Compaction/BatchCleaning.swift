// What stays of each batch, decided in one pass from the beginning of the log.
//
// A record stays if no later one has its key. A tombstone stays until a horizon that the first compaction to see it sets, so that
// readers who began before still learn of it. Records of aborted transactions go. A marker stays while there is data of its
// transaction, and then until a horizon of its own. The last five batches of a producer stay, empty if need be: they hold the
// epoch and the sequence number with which the producer goes on, and the offsets of what it may send again. So does the last of all, for a reader in the gap behind it would wait for nothing.
//
// A batch that cannot be read stays whole. A tombstone after such a batch stays too: the batch may hold the value it deletes.

import NIOCore

struct BatchCleaning {
    enum Outcome {
        case keep
        case replace(ByteBuffer)
        case drop
    }

    let latest: OffsetMap
    let outcomes: TransactionOutcomes
    let now: Int64
    let tombstoneAge: Int64
    /// The end of what is compacted.
    let limit: Int64
    private var sawUnreadable = false
    private var producersWithData: Set<Int64> = []

    init(latest: OffsetMap, outcomes: TransactionOutcomes, now: Int64, tombstoneAge: Int64, limit: Int64) {
        self.latest = latest
        self.outcomes = outcomes
        self.now = now
        self.tombstoneAge = tombstoneAge
        self.limit = limit
    }

    private var newHorizon: Int64 { now.addingReportingOverflow(tombstoneAge).overflow ? .max : now + tombstoneAge }

    private func mustStay(_ batch: StoredBatch) -> Bool {
        batch.header.lastOffset + 1 >= limit || outcomes.isRemembered(batch)
    }

    mutating func clean(_ batch: StoredBatch) -> Outcome {
        // A tombstone may go only in a compaction that knows of all before it.
        if batch.header.lastOffset >= latest.end { return .keep }
        if batch.header.isControl { return cleanMarker(batch) }
        if batch.header.isTransactional { producersWithData.insert(batch.header.producerID) }
        if batch.header.count == 0 { return mustStay(batch) ? .keep : .drop }
        guard let records = batch.records else {
            sawUnreadable = true
            return .keep
        }
        let isAborted = outcomes.isAborted(batch)
        let horizonPassed = !sawUnreadable && batch.deleteHorizon.map { $0 <= now } ?? false
        var kept: [BatchRecord] = []
        var hasTombstones = false
        do throws(CodecError) {
            var cursor = RecordCursor(records)
            while let record = try cursor.next() {
                guard !isAborted, let key = record.key,
                    latest.isLatest(batch.header.baseOffset + record.offsetDelta, key: records[key])
                else { continue }
                if !record.hasValue {
                    if horizonPassed { continue }
                    hasTombstones = true
                }
                kept.append(record)
            }
        } catch {
            sawUnreadable = true
            return .keep
        }
        if kept.isEmpty, !mustStay(batch) { return .drop }
        let needsHorizon = hasTombstones && batch.deleteHorizon == nil
        if kept.count == batch.header.count, !needsHorizon { return .keep }
        let horizon = hasTombstones ? batch.deleteHorizon ?? newHorizon : nil
        return .replace(batch.rewritten(keeping: kept, of: records, horizon: horizon))
    }

    private mutating func cleanMarker(_ batch: StoredBatch) -> Outcome {
        guard ControlRecord.kind(in: batch.bytes) != nil else { return .keep }
        if producersWithData.remove(batch.header.producerID) != nil { return .keep }
        if let horizon = batch.deleteHorizon { return horizon <= now && !mustStay(batch) ? .drop : .keep }
        guard let records = batch.records else { return .keep }
        var cursor = RecordCursor(records)
        guard let record = try? cursor.next() else { return .keep }
        return .replace(batch.rewritten(keeping: [record], of: records, horizon: newHorizon))
    }
}
