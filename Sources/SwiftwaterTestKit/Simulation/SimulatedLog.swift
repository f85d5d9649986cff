import Swiftwater

/// One partition as a broker keeps it: records, markers, and which transactions are open.
struct SimulatedLog {
    private struct Entry {
        /// Nil for a marker.
        var record: CapturedRecord?
        var transaction: String?
        var isAborted = false
    }

    private var entries: [Entry] = []
    /// By transactional id: where its open transaction begins here.
    private var open: [String: Int] = [:]

    var end: Int64 { Int64(entries.count) }
    /// Readers of committed records see nothing from here on.
    var lastStable: Int64 { open.values.min().map(Int64.init) ?? end }

    /// Returns the record's offset.
    mutating func append(_ record: CapturedRecord, transaction: String?) -> Int64 {
        if let transaction, open[transaction] == nil { open[transaction] = entries.count }
        entries.append(Entry(record: record, transaction: transaction))
        return end - 1
    }

    mutating func endTransaction(_ transaction: String, commit: Bool) {
        guard let first = open.removeValue(forKey: transaction) else { return }
        if !commit {
            for index in first..<entries.count where entries[index].transaction == transaction {
                entries[index].isAborted = true
            }
        }
        entries.append(Entry(record: nil, transaction: transaction))
    }

    /// Records from an offset on, and the offset behind what was looked at, markers included.
    func read(from start: Int64, committed: Bool, limit: Int) -> (
        records: [(offset: Int64, CapturedRecord)], next: Int64
    ) {
        let bound = committed ? lastStable : end
        var records: [(offset: Int64, CapturedRecord)] = []
        var next = start
        while next < bound, records.count < limit {
            let entry = entries[Int(next)]
            if let record = entry.record, !(committed && entry.isAborted) { records.append((next, record)) }
            next += 1
        }
        // Markers and aborted records behind the last one are passed over as well.
        while next < bound, entries[Int(next)].record == nil || committed && entries[Int(next)].isAborted { next += 1 }
        return (records, next)
    }
}
