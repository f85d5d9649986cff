import NIOCore
import Testing

@testable import SwiftwaterBroker

/// All that a consumer under read_committed gets of a log, read as a consumer does: from wherever the last batch ended.
struct LogContent {
    struct Record: Equatable {
        var offset: Int64
        var timestamp: Int64
        var key: String?
        var value: String?
    }

    var batches: [StoredBatch] = []
    /// Of committed data, markers left out.
    var records: [Record] = []
    /// Records of aborted transactions that are still there.
    var aborted = 0

    init(_ log: PartitionLog) throws {
        var offset = log.logStartOffset
        let end = log.lastStableOffset
        while offset < end {
            let start = offset
            var fetched = try log.fetch(from: offset, maxBytes: 1 << 12, minOneBatch: true, isolation: .readCommitted)
            var abortedLater = (fetched.abortedTransactions ?? [])[...]
            var abortedProducers: Set<Int64> = []
            while let header = BatchHeader(fetched.records, at: fetched.records.readerIndex),
                let bytes = fetched.records.readSlice(length: header.totalSize)
            {
                #expect(header.lastOffset >= offset, "a batch that ends before the offset asked for")
                #expect(header.computedChecksum(in: bytes, at: 0) == header.checksum)
                let batch = StoredBatch(header: header, bytes: bytes)
                batches.append(batch)
                offset = header.lastOffset + 1
                while let next = abortedLater.first, next.firstOffset <= header.lastOffset {
                    abortedProducers.insert(next.producerID)
                    abortedLater.removeFirst()
                }
                if header.isControl {
                    abortedProducers.remove(header.producerID)
                } else {
                    let isAborted = header.isTransactional && abortedProducers.contains(header.producerID)
                    try add(batch, isAborted: isAborted, from: log.logStartOffset)
                }
            }
            try #require(offset > start, "a reader at \(start) is stuck; the end is \(end)")
        }
    }

    private mutating func add(_ batch: StoredBatch, isAborted: Bool, from start: Int64) throws {
        let bytes = batch.records ?? []
        var cursor = RecordCursor(bytes)
        while let record = try cursor.next() {
            let offset = batch.header.baseOffset + record.offsetDelta
            guard offset >= start else { continue }
            if isAborted {
                aborted += 1
                continue
            }
            let key = record.key.map { String(decoding: bytes[$0], as: UTF8.self) }
            let timestamp = batch.header.baseTimestamp + record.timestampDelta
            records.append(Record(offset: offset, timestamp: timestamp, key: key, value: Self.value(record, bytes)))
        }
    }

    private static func value(_ record: BatchRecord, _ bytes: [UInt8]) -> String? {
        guard record.hasValue else { return nil }
        var reader = ProtocolReader(ByteBuffer(bytes: bytes[(record.key?.upperBound ?? record.content.lowerBound)...]))
        if record.key == nil { _ = try? reader.varint() }
        let length = (try? reader.varint()) ?? 0
        return reader.buffer.getString(at: reader.buffer.readerIndex, length: Int(length))
    }

    /// The last value of each key; keys that are deleted are missing.
    var fold: [String: String] {
        var fold: [String: String] = [:]
        for record in records { if let key = record.key { fold[key] = record.value } }
        return fold
    }
}
