/// Undecoded records of one partition in offset order, in one block of memory.
///
/// The runtime copies what the client library fetched into a batch once; from there until they are deserialised the
/// records are ranges of that block, so that a queue of a million records is a few arrays and not a million objects.
/// Filled by one owner, then only read.
@usableFromInline
package final class RecordBatch {
    /// One record of the batch: ranges into its bytes; a negative length is null.
    private struct Entry {
        var offset: Int64
        var timestamp: Timestamp
        var start: Int
        var keyLength: Int32
        var valueLength: Int32
        /// 1 + the index into `headers`, or 0 where the record has none.
        var headers: Int32
    }

    private let bytes = ByteWriter()
    @exclusivity(unchecked) private var entries: [Entry] = []
    @exclusivity(unchecked) private var headers: [Headers] = []

    package init() {}

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var byteCount: Int { bytes.count }
    package var lastOffset: Int64? { entries.last?.offset }

    package func reserve(records: Int) {
        entries.reserveCapacity(records)
    }

    /// Copies a record to the end. Offsets must rise.
    package func append(
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
    package func append(
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

    @usableFromInline
    package func timestamp(at index: Int) -> Timestamp { entries[index].timestamp }

    @usableFromInline
    package func headers(at index: Int) -> Headers {
        let position = entries[index].headers
        return position == 0 ? Headers() : headers[Int(position) - 1]
    }

    /// The bytes of a record's key and value, nil for null; valid for as long as the batch lives and is not appended to.
    @usableFromInline
    package func record(at index: Int) -> (key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        let entry = entries[index]
        let key = UnsafeRawPointer(bytes.state.pointee.start) + entry.start
        let value = key + Int(max(0, entry.keyLength))
        return (
            entry.keyLength < 0 ? nil : UnsafeRawBufferPointer(start: key, count: Int(entry.keyLength)),
            entry.valueLength < 0 ? nil : UnsafeRawBufferPointer(start: value, count: Int(entry.valueLength))
        )
    }

    /// The key of a record as an array, for paths that are not hot.
    package func key(at index: Int) -> [UInt8]? { record(at: index).key.map(Array.init) }
    /// The value of a record as an array, for paths that are not hot.
    package func value(at index: Int) -> [UInt8]? { record(at: index).value.map(Array.init) }
}
