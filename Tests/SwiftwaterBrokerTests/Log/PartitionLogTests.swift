import Foundation
import NIOCore
import Testing

@testable import SwiftwaterBroker

final class PartitionLogTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func open(_ configuration: LogConfiguration = LogConfiguration()) throws -> PartitionLog {
        try PartitionLog(directory: directory, configuration: configuration)
    }

    private func path(_ base: Int) -> String { directory + "/" + String(format: "%020d", base) + ".log" }

    private func content(_ base: Int = 0) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(base))) }

    private func replace(_ data: Data, base: Int = 0) throws { try data.write(to: URL(fileURLWithPath: path(base))) }

    private func bases(_ buffer: ByteBuffer) -> [Int64] {
        var found: [Int64] = []
        var position = buffer.readerIndex
        while let header = BatchHeader(buffer, at: position) {
            found.append(header.baseOffset)
            position += header.totalSize
        }
        return found
    }

    private func everything(_ log: PartitionLog) throws -> [Int64] {
        var found: [Int64] = []
        var offset = log.logStartOffset
        while offset < log.endOffset {
            let buffer = try log.read(from: offset, maxBytes: 1 << 20, minOneBatch: true)
            let part = bases(buffer)
            let last = try #require(part.last)
            found += part
            var position = 0
            while let header = BatchHeader(buffer, at: position) {
                offset = header.lastOffset + 1
                position += header.totalSize
            }
            #expect(offset > last)
        }
        return found
    }

    private func idempotent(_ sequence: Int32, count: Int = 1, epoch: Int16 = 0) -> ByteBuffer {
        BatchBuilder(
            values: Array(repeating: "v", count: count), producerID: 7, producerEpoch: epoch, baseSequence: sequence
        ).bytes
    }

    @Test func `the checksum is CRC-32C at every length`() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32C.checksum($0) } == 0xE306_9283)
        for length in 0..<64 {
            let bytes = (0..<length).map { UInt8($0 &* 37 & 0xFF) }
            #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == BatchBuilder.checksum(ByteBuffer(bytes: bytes)))
        }
    }

    @Test func `what is appended is read back with its offset and leader epoch, also after reopening`() throws {
        let batch = BatchBuilder(values: ["a", "b", "c"]).bytes
        let log = try open()
        #expect(try log.append(batch, now: 5).baseOffset == 0)
        #expect(try log.append(batch, now: 5).baseOffset == 3)
        #expect(log.endOffset == 6)
        var expected = batch
        expected.setInteger(Int64(3), at: 0)
        expected.setInteger(Int32(0), at: 12)
        #expect(try log.read(from: 4, maxBytes: 1 << 20, minOneBatch: true) == expected)
        log.close()
        let again = try open()
        #expect(again.endOffset == 6)
        #expect(try again.read(from: 5, maxBytes: 1 << 20, minOneBatch: true) == expected)
        #expect(try again.read(from: 6, maxBytes: 1 << 20, minOneBatch: true).readableBytes == 0)
        #expect(throws: LogFailure.offsetOutOfRange) { try again.read(from: 7, maxBytes: 1, minOneBatch: true) }
        #expect(throws: LogFailure.offsetOutOfRange) { try again.read(from: -1, maxBytes: 1, minOneBatch: true) }
    }

    @Test func `several batches of one append get consecutive offsets`() throws {
        var batches = BatchBuilder(values: ["a", "b"]).bytes
        batches.writeImmutableBuffer(BatchBuilder(values: ["c"]).bytes)
        let log = try open()
        #expect(try log.append(batches, now: 0).baseOffset == 0)
        #expect(try log.append(batches, now: 0).baseOffset == 3)
        #expect(try everything(log) == [0, 2, 3, 5])
    }

    @Test func `a tail torn at any byte of the last batch is cut, and the log goes on from there`() throws {
        let log = try open()
        _ = try log.append(BatchBuilder(values: ["a", "b"]).bytes, now: 0)
        let whole = try content().count
        _ = try log.append(BatchBuilder(values: ["c"]).bytes, now: 0)
        log.close()
        let full = try content()
        for size in whole..<full.count {
            try replace(full.prefix(size))
            let torn = try open()
            #expect(torn.endOffset == 2)
            #expect(try content().count == whole)
            #expect(try torn.append(BatchBuilder().bytes, now: 0).baseOffset == 2)
            #expect(try everything(torn) == [0, 2])
            torn.close()
        }
    }

    @Test func `a corrupted byte of the last batch is found at start`() throws {
        let log = try open()
        _ = try log.append(BatchBuilder().bytes, now: 0)
        let whole = try content().count
        _ = try log.append(BatchBuilder().bytes, now: 0)
        log.close()
        let full = try content()
        for position in (whole + BatchHeader.checksummedFrom)..<full.count {
            var damaged = full
            damaged[position] ^= 0x10
            try replace(damaged)
            let reopened = try open()
            #expect(reopened.endOffset == 1)
            reopened.close()
        }
    }

    @Test func `a produced batch with a wrong checksum, size, count or format is refused and leaves nothing`() throws {
        let good = BatchBuilder(values: ["a", "b"]).bytes
        let log = try open(LogConfiguration(maxMessageBytes: 200))
        for position in BatchHeader.checksummedFrom..<good.readableBytes {
            var bad = good
            bad.setInteger((good.getInteger(at: position, as: UInt8.self) ?? 0) ^ 1, at: position)
            #expect(throws: LogFailure.self) { try log.append(bad, now: 0) }
        }
        for size in 1..<good.readableBytes {
            #expect(throws: LogFailure.self) { try log.append(good.getSlice(at: 0, length: size) ?? good, now: 0) }
        }
        var old = good
        old.setInteger(Int8(1), at: 16)
        #expect(throws: LogFailure.unsupportedFormat(1)) { try log.append(old, now: 0) }
        let large = BatchBuilder(values: [String(repeating: "x", count: 200)]).bytes
        #expect(throws: LogFailure.tooLarge(large.readableBytes)) { try log.append(large, now: 0) }
        #expect(log.endOffset == 0)
        #expect(try content().isEmpty)
    }

    @Test func `a duplicate of the last five batches gets its original offset, also after reopening`() throws {
        var log = try open()
        for sequence in 0..<6 { _ = try log.append(idempotent(Int32(sequence * 2), count: 2), now: 0) }
        for _ in 0..<2 {
            for sequence in 1..<6 {
                #expect(
                    try log.append(idempotent(Int32(sequence * 2), count: 2), now: 0).baseOffset == Int64(sequence * 2))
            }
            #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.idempotent(0, count: 2), now: 0) }
            #expect(log.endOffset == 12)
            log.close()
            log = try open()
        }
        #expect(try log.append(idempotent(12), now: 0).baseOffset == 12)
    }

    @Test func `a gap in the sequences and an old epoch are refused`() throws {
        let log = try open()
        _ = try log.append(idempotent(0, epoch: 1), now: 0)
        #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.idempotent(2, epoch: 1), now: 0) }
        #expect(throws: LogFailure.invalidProducerEpoch) { try log.append(self.idempotent(1, epoch: 0), now: 0) }
        #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.idempotent(1, epoch: 2), now: 0) }
        #expect(try log.append(idempotent(0, epoch: 2), now: 0).baseOffset == 1)
    }

    @Test func `sequences wrap to zero`() throws {
        let log = try open()
        _ = try log.append(idempotent(Int32.max - 1, count: 2), now: 0)
        #expect(try log.append(idempotent(0), now: 0).baseOffset == 2)
    }

    @Test func `a time gives the first record at or after it`() throws {
        let log = try open()
        _ = try log.append(BatchBuilder(values: ["a", "b", "c"], baseTimestamp: 100).bytes, now: 0)
        _ = try log.append(BatchBuilder(values: ["d", "e"], baseTimestamp: 200).bytes, now: 0)
        for (time, offset, found) in [(0, 0, 100), (101, 1, 101), (102, 2, 102), (103, 3, 200), (201, 4, 201)] {
            let answer = try #require(try log.offset(forTimestamp: Int64(time)))
            #expect(answer.offset == Int64(offset))
            #expect(answer.timestamp == Int64(found))
        }
        #expect(try log.offset(forTimestamp: 202) == nil)
    }

    @Test func `log append time is stamped and keeps the checksum right`() throws {
        let log = try open(LogConfiguration(logAppendTime: true))
        #expect(try log.append(BatchBuilder().bytes, now: 77).logAppendTime == 77)
        let batch = try log.read(from: 0, maxBytes: 1 << 20, minOneBatch: true)
        let header = try #require(BatchHeader(batch, at: 0))
        #expect(header.maxTimestamp == 77 && header.attributes == 8)
        let tail = try #require(batch.getSlice(at: 21, length: batch.readableBytes - 21))
        #expect(header.checksum == BatchBuilder.checksum(tail))
    }

    @Test func `segments roll by size and are all there after reopening`() throws {
        let configuration = LogConfiguration(segmentBytes: 200)
        let log = try open(configuration)
        for _ in 0..<20 { _ = try log.append(BatchBuilder(values: ["a", "b"]).bytes, now: 0) }
        let expected = (0..<20).map { Int64($0 * 2) }
        #expect(try everything(log) == expected)
        log.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 10)
        let again = try open(configuration)
        #expect(try everything(again) == expected)
        #expect(try again.append(BatchBuilder().bytes, now: 0).baseOffset == 40)
    }

    @Test func `deleted records stay deleted and whole segments leave the disk`() throws {
        let configuration = LogConfiguration(segmentBytes: 200)
        let log = try open(configuration)
        for _ in 0..<20 { _ = try log.append(BatchBuilder(values: ["a", "b"]).bytes, now: 0) }
        #expect(try log.deleteRecords(before: 11) == 11)
        #expect(try log.deleteRecords(before: 3) == 11)
        #expect(throws: LogFailure.offsetOutOfRange) { try log.deleteRecords(before: 41) }
        #expect(throws: LogFailure.offsetOutOfRange) { try log.read(from: 10, maxBytes: 1, minOneBatch: true) }
        #expect(!FileManager.default.fileExists(atPath: path(0)))
        log.close()
        let again = try open(configuration)
        #expect(again.logStartOffset == 11)
        #expect(try everything(again).first == 10)
        #expect(try again.offset(forTimestamp: 0)?.offset == 11)
        #expect(try again.deleteRecords(before: 40) == 40)
        again.close()
        let empty = try open(configuration)
        #expect(empty.logStartOffset == 40 && empty.endOffset == 40)
        #expect(try empty.append(BatchBuilder().bytes, now: 0).baseOffset == 40)
    }

    @Test func `a first batch larger than the limit is given only if one is wanted`() throws {
        let log = try open()
        let batch = BatchBuilder(values: [String(repeating: "x", count: 500)]).bytes
        _ = try log.append(batch, now: 0)
        _ = try log.append(batch, now: 0)
        #expect(bases(try log.read(from: 0, maxBytes: 10, minOneBatch: true)) == [0])
        #expect(try log.read(from: 0, maxBytes: 10, minOneBatch: false).readableBytes == 0)
        #expect(bases(try log.read(from: 0, maxBytes: batch.readableBytes + 100, minOneBatch: true)) == [0])
        #expect(bases(try log.read(from: 0, maxBytes: batch.readableBytes * 2, minOneBatch: true)) == [0, 1])
    }
}
