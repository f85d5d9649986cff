/// The offset of the last record of each key in a range of the log.
struct OffsetMap {
    /// More keys are left to the next compaction; a key takes about a hundred bytes beside its own.
    static let maximumKeys = 2_000_000

    private var offsets: [ArraySlice<UInt8>: Int64] = [:]
    private let maximumKeys: Int
    /// The end of the range: of the records from here on it knows nothing.
    private(set) var end: Int64

    init(from start: Int64, maximumKeys: Int = Self.maximumKeys) {
        end = start
        self.maximumKeys = maximumKeys
    }

    /// What cannot be read is passed over.
    ///
    /// - Returns: false if the map is full; its range ends before the batch then.
    mutating func add(_ batch: StoredBatch, isAborted: Bool) -> Bool {
        if !batch.header.isControl, !isAborted, let records = batch.records, let found = try? keys(of: records) {
            // A batch is in the range as a whole or not at all.
            guard offsets.count + found.count <= maximumKeys || offsets.isEmpty else { return false }
            for (key, delta) in found { offsets[key] = batch.header.baseOffset + delta }
        }
        end = batch.header.lastOffset + 1
        return true
    }

    private func keys(of records: [UInt8]) throws(CodecError) -> [(key: ArraySlice<UInt8>, delta: Int64)] {
        var found: [(key: ArraySlice<UInt8>, delta: Int64)] = []
        var cursor = RecordCursor(records)
        while let record = try cursor.next() {
            // A copy, so that the map does not hold on to the whole batch.
            if let key = record.key { found.append((ArraySlice(Array(records[key])), record.offsetDelta)) }
        }
        return found
    }

    func isLatest(_ offset: Int64, key: ArraySlice<UInt8>) -> Bool {
        offsets[key].map { offset >= $0 } ?? true
    }
}
