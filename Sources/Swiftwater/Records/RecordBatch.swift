/// Undecoded records of one partition in offset order, in one block of memory.
///
/// The runtime copies what the client library fetched into a batch once; from there until they are deserialised the
/// records are ranges of that block, so that a queue of a million records is a few arrays and not a million objects.
package struct RecordBatch: Sendable {
    /// One record of the batch: ranges into its bytes; a negative length is null.
    struct Entry: Sendable {
        var offset: Int64
        var timestamp: Timestamp
        var start: Int
        var keyLength: Int32
        var valueLength: Int32
        /// 1 + the index into `headers`, or 0 where the record has none.
        var headers: Int32
    }

    private var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []
    private(set) var headers: [Headers] = []

    package init() {}

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var byteCount: Int { bytes.count }
    package var lastOffset: Int64? { entries.last?.offset }

    package mutating func reserve(records: Int, bytes byteCount: Int) {
        entries.reserveCapacity(records)
        bytes.reserveCapacity(byteCount)
    }

    /// Copies a record to the end. Offsets must rise.
    package mutating func append(
        offset: Int64,
        timestamp: Timestamp,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        headers recordHeaders: Headers = Headers()
    ) {
        var entry = Entry(
            offset: offset,
            timestamp: timestamp,
            start: bytes.count,
            keyLength: Int32(key?.count ?? -1),
            valueLength: Int32(value?.count ?? -1),
            headers: 0
        )
        if let key { bytes.append(contentsOf: key) }
        if let value { bytes.append(contentsOf: value) }
        if !recordHeaders.isEmpty {
            headers.append(recordHeaders)
            entry.headers = Int32(headers.count)
        }
        entries.append(entry)
    }

    /// Copies a record to the end. Offsets must rise.
    package mutating func append(
        offset: Int64,
        timestamp: Timestamp,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: Headers = Headers()
    ) {
        (key ?? []).withUnsafeBytes { keyBytes in
            (value ?? []).withUnsafeBytes { valueBytes in
                append(
                    offset: offset,
                    timestamp: timestamp,
                    key: key == nil ? nil : keyBytes,
                    value: value == nil ? nil : valueBytes,
                    headers: headers
                )
            }
        }
    }

    package func offset(at index: Int) -> Int64 { entries[index].offset }
    package func timestamp(at index: Int) -> Timestamp { entries[index].timestamp }

    package func headers(at index: Int) -> Headers {
        let position = entries[index].headers
        return position == 0 ? Headers() : headers[Int(position) - 1]
    }

    /// Gives the bytes of a record's key and value, which are valid inside the closure only.
    package func withRecord<Result>(
        at index: Int,
        _ body: (_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?) throws -> Result
    ) rethrows -> Result {
        let entry = entries[index]
        return try bytes.withUnsafeBytes { all in
            let keyEnd = entry.start + Int(max(0, entry.keyLength))
            let key = entry.keyLength < 0 ? nil : UnsafeRawBufferPointer(rebasing: all[entry.start..<keyEnd])
            let valueEnd = keyEnd + Int(max(0, entry.valueLength))
            let value = entry.valueLength < 0 ? nil : UnsafeRawBufferPointer(rebasing: all[keyEnd..<valueEnd])
            return try body(key, value)
        }
    }

    /// The key of a record as an array, for paths that are not hot.
    package func key(at index: Int) -> [UInt8]? { withRecord(at: index) { key, _ in key.map(Array.init) } }
    /// The value of a record as an array, for paths that are not hot.
    package func value(at index: Int) -> [UInt8]? { withRecord(at: index) { _, value in value.map(Array.init) } }
}
