import Foundation
import NIOCore
import Synchronization
import Testing

@testable import SwiftwaterBroker

/// Transactions in one partition's log, without a coordinator: admissions and markers are given by hand.
final class TransactionLogTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("txlog-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func open(_ configuration: LogConfiguration = LogConfiguration()) throws -> PartitionLog {
        try PartitionLog(directory: directory, configuration: configuration)
    }

    private func batch(
        _ producerID: Int64, _ sequence: Int32, epoch: Int16 = 0, count: Int = 1, transactional: Bool = true
    ) -> ByteBuffer {
        BatchBuilder(
            values: Array(repeating: "v", count: count), producerID: producerID, producerEpoch: epoch,
            baseSequence: sequence, attributes: transactional ? 0x10 : 0
        ).bytes
    }

    private func end(_ kind: ControlRecord.Kind, _ producerID: Int64, epoch: Int16 = 0, in log: PartitionLog) throws {
        try log.endTransaction(
            ControlRecord(kind: kind, producerID: producerID, producerEpoch: epoch), now: 9)
    }

    private func fetch(_ log: PartitionLog, from offset: Int64 = 0) throws -> PartitionLog.Fetched {
        try log.fetch(from: offset, maxBytes: 1 << 20, minOneBatch: true, isolation: .readCommitted)
    }

    private func bases(_ buffer: ByteBuffer) -> [Int64] {
        var found: [Int64] = []
        var position = buffer.readerIndex
        while let header = BatchHeader(buffer, at: position) {
            found.append(header.baseOffset)
            position += header.totalSize
        }
        return found
    }

    @Test func `an open transaction hides what comes after its first record until its marker`() throws {
        let log = try open()
        log.admitTransaction(producerID: 1, epoch: 0)
        _ = try log.append(batch(-1, -1, epoch: -1, transactional: false), now: 0)
        _ = try log.append(batch(1, 0, count: 2), now: 0)
        _ = try log.append(batch(-1, -1, epoch: -1, transactional: false), now: 0)
        #expect(log.lastStableOffset == 1 && log.endOffset == 4)
        #expect(bases(try fetch(log).records) == [0])
        for offset in 1...4 as ClosedRange<Int64> {
            let nothing = try fetch(log, from: offset)
            #expect(nothing.records.readableBytes == 0)
            #expect(nothing.abortedTransactions == [])
        }
        #expect(throws: LogFailure.offsetOutOfRange) { try self.fetch(log, from: 5) }
        let all = try log.fetch(from: 0, maxBytes: 1 << 20, minOneBatch: true, isolation: .readUncommitted)
        #expect(bases(all.records) == [0, 1, 3])
        #expect(all.abortedTransactions == nil)
        try end(.commit, 1, in: log)
        #expect(log.lastStableOffset == 5)
        #expect(bases(try fetch(log).records) == [0, 1, 3, 4])
    }

    @Test func `a marker is the batch that Kafka writes`() throws {
        let log = try open()
        try end(.abort, 4660, epoch: 7, in: log)
        let bytes = try fetch(log).records
        // Length, leader epoch, magic; attributes transactional and control; one record of key (0, 0) and value (0, coordinator 0).
        let expected: [UInt8] =
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 66, 0, 0, 0, 0, 2] + [0, 0, 0, 0] + [0, 0x30, 0, 0, 0, 0]
            + [0, 0, 0, 0, 0, 0, 0, 9] + [0, 0, 0, 0, 0, 0, 0, 9] + [0, 0, 0, 0, 0, 0, 0x12, 0x34] + [0, 7]
            + [0xFF, 0xFF, 0xFF, 0xFF] + [0, 0, 0, 1] + [32, 0, 0, 0, 8, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]
        var found = Array(bytes.readableBytesView)
        let tail = try #require(bytes.getSlice(at: 21, length: bytes.readableBytes - 21))
        #expect(bytes.getInteger(at: 17, as: UInt32.self) == BatchBuilder.checksum(tail))
        found.replaceSubrange(17..<21, with: [0, 0, 0, 0])
        #expect(found == expected)
        #expect(ControlRecord.kind(in: bytes) == .abort)
    }

    @Test func `a transactional batch is refused outside a transaction, and a plain one inside`() throws {
        let log = try open()
        #expect(throws: LogFailure.invalidTransactionState) { try log.append(self.batch(1, 0), now: 0) }
        log.admitTransaction(producerID: 1, epoch: 3)
        #expect(throws: LogFailure.invalidTransactionState) { try log.append(self.batch(1, 0, epoch: 2), now: 0) }
        _ = try log.append(batch(1, 0, epoch: 3), now: 0)
        #expect(throws: LogFailure.invalidTransactionState) {
            try log.append(self.batch(1, 1, epoch: 3, transactional: false), now: 0)
        }
        #expect(throws: LogFailure.self) { try log.append(self.batch(-1, -1), now: 0) }
        try end(.commit, 1, epoch: 3, in: log)
        #expect(throws: LogFailure.invalidTransactionState) { try log.append(self.batch(1, 1, epoch: 3), now: 0) }
        var control = batch(1, 1, epoch: 3)
        control.setInteger(Int16(0x30), at: 21)
        control.setInteger(BatchBuilder.checksum(control.getSlice(at: 21, length: control.readableBytes - 21)!), at: 17)
        #expect(throws: LogFailure.self) { try log.append(control, now: 0) }
        #expect(log.endOffset == 2)
    }

    @Test func `a marker of a later epoch shuts the earlier one out, also after reopening`() throws {
        var log = try open()
        log.admitTransaction(producerID: 1, epoch: 0)
        _ = try log.append(batch(1, 0), now: 0)
        try end(.abort, 1, epoch: 1, in: log)
        for _ in 0..<2 {
            log.admitTransaction(producerID: 1, epoch: 2)
            #expect(throws: LogFailure.invalidProducerEpoch) { try log.append(self.batch(1, 1), now: 0) }
            #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.batch(1, 1, epoch: 2), now: 0) }
            #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.batch(1, 1, epoch: 1), now: 0) }
            log.close()
            log = try open()
        }
        log.admitTransaction(producerID: 1, epoch: 2)
        #expect(try log.append(batch(1, 0, epoch: 2), now: 0).baseOffset == 2)
    }

    @Test func `a duplicate from before the marker gets its original offset, also after reopening`() throws {
        var log = try open()
        log.admitTransaction(producerID: 1, epoch: 0)
        for sequence in 0..<6 { _ = try log.append(batch(1, Int32(sequence)), now: 0) }
        try end(.commit, 1, in: log)
        for _ in 0..<2 {
            for sequence in 1..<6 {
                #expect(try log.append(batch(1, Int32(sequence)), now: 0).baseOffset == Int64(sequence))
            }
            #expect(throws: LogFailure.outOfOrderSequence) { try log.append(self.batch(1, 0), now: 0) }
            #expect(log.endOffset == 7)
            log.close()
            log = try open()
        }
        log.admitTransaction(producerID: 1, epoch: 0)
        #expect(try log.append(batch(1, 6), now: 0).baseOffset == 7)
    }

    @Test func `the aborted transactions of a fetch are those with records in it, by first offset`() throws {
        let log = try open()
        for producer in 1...3 as ClosedRange<Int64> { log.admitTransaction(producerID: producer, epoch: 0) }
        _ = try log.append(batch(2, 0), now: 0)
        _ = try log.append(batch(1, 0), now: 0)
        _ = try log.append(batch(3, 0), now: 0)
        try end(.abort, 1, in: log)
        try end(.abort, 2, in: log)
        try end(.commit, 3, in: log)
        log.admitTransaction(producerID: 1, epoch: 0)
        _ = try log.append(batch(1, 1), now: 0)
        try end(.abort, 1, in: log)

        func aborted(_ offset: Int64, bytes: Int) throws -> [AbortedTransaction]? {
            try log.fetch(from: offset, maxBytes: bytes, minOneBatch: true, isolation: .readCommitted)
                .abortedTransactions
        }
        let first = AbortedTransaction(producerID: 2, firstOffset: 0)
        let second = AbortedTransaction(producerID: 1, firstOffset: 1)
        let third = AbortedTransaction(producerID: 1, firstOffset: 6)
        #expect(try aborted(0, bytes: 1 << 20) == [first, second, third])
        #expect(try aborted(0, bytes: 1) == [first])
        #expect(try aborted(1, bytes: 1) == [first, second])
        #expect(try aborted(4, bytes: 1) == [first])
        #expect(try aborted(5, bytes: 1) == [])
        #expect(try aborted(7, bytes: 1) == [third])
        #expect(try aborted(8, bytes: 1) == [])
    }

    /// Transactions of several producers at random, over several segments: what a reader of committed records sees is what a model
    /// says, before and after reopening, from every offset and with every size of a fetch.
    @Test func `random transactions are seen as a model says, also after reopening`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let configuration = LogConfiguration(segmentBytes: 700)
        var log = try open(configuration)
        /// By offset: the producer whose record it is, and whether it was committed; nil for a marker.
        var model: [(producer: Int64, committed: Bool?)?] = []
        var sequences: [Int64: Int32] = [:]
        var openSince: [Int64: Int] = [:]
        for step in 0..<300 {
            let producer = Int64(random.next(below: 4))
            switch random.next(below: 10) {
            case 0..<7:
                let count = 1 + random.next(below: 3)
                log.admitTransaction(producerID: producer, epoch: 0)
                _ = try log.append(batch(producer, sequences[producer] ?? 0, count: count), now: 0)
                sequences[producer, default: 0] += Int32(count)
                if openSince[producer] == nil { openSince[producer] = model.count }
                model += Array(repeating: (producer, nil), count: count)
            case 7..<9:
                let commits = random.next(below: 2) == 0
                try end(commits ? .commit : .abort, producer, in: log)
                for index in (openSince.removeValue(forKey: producer) ?? model.count)..<model.count
                where model[index]?.producer == producer && model[index]?.committed == nil {
                    model[index]?.committed = commits
                }
                model.append(nil)
            default:
                log.close()
                log = try open(configuration)
            }
            let stable = openSince.values.min() ?? model.count
            #expect(log.lastStableOffset == Int64(stable), "seed \(seed) step \(step)")
            guard step % 10 == 0 else { continue }
            let from = random.next(below: stable + 1)
            let bytes = random.next(below: 2_000)
            let seen = try committed(log, from: Int64(from), bytes: bytes)
            let expected = model.indices.filter { (from..<stable).contains($0) && model[$0]?.committed == true }
            #expect(seen == expected, "seed \(seed) step \(step) from \(from)")
        }
    }

    /// Reads as a client does: it drops what the answers call aborted, up to the transaction's marker.
    private func committed(_ log: PartitionLog, from start: Int64, bytes: Int) throws -> [Int] {
        var offset = start
        var found: [Int] = []
        while offset < log.lastStableOffset {
            let fetched = try log.fetch(from: offset, maxBytes: bytes, minOneBatch: true, isolation: .readCommitted)
            var pending = fetched.abortedTransactions ?? []
            #expect(pending.map(\.firstOffset) == pending.map(\.firstOffset).sorted())
            var aborting: Set<Int64> = []
            var position = 0
            while let header = BatchHeader(fetched.records, at: position) {
                while let next = pending.first, next.firstOffset <= header.lastOffset {
                    aborting.insert(next.producerID)
                    pending.removeFirst()
                }
                if header.isControl {
                    aborting.remove(header.producerID)
                } else if !aborting.contains(header.producerID) {
                    found += (max(header.baseOffset, offset)...header.lastOffset).map { Int($0) }
                }
                position += header.totalSize
                offset = header.lastOffset + 1
            }
        }
        return found
    }

    @Test func `deleting records of an open transaction moves the stable offset along, and aborted ones are forgotten`()
        throws
    {
        let log = try open()
        log.admitTransaction(producerID: 1, epoch: 0)
        for sequence in 0..<4 { _ = try log.append(batch(1, Int32(sequence)), now: 0) }
        #expect(try log.deleteRecords(before: 2) == 2)
        #expect(log.lastStableOffset == 2)
        try end(.abort, 1, in: log)
        #expect(try fetch(log, from: 2).abortedTransactions == [AbortedTransaction(producerID: 1, firstOffset: 0)])
        #expect(try log.deleteRecords(before: 5) == 5)
        log.state.withLock { #expect($0.transactions.aborted.isEmpty) }
    }
}
