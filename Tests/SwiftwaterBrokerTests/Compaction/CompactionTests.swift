import Foundation
import NIOCore
import Synchronization
import Testing

@testable import SwiftwaterBroker

final class CompactionTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("compact-\(UUID().uuidString)").path
    private static let day: Int64 = 86_400_000

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var configuration: LogConfiguration {
        var configuration = LogConfiguration()
        configuration.segmentBytes = 1_024
        configuration.compacts = true
        configuration.deletes = false
        return configuration
    }

    private func open(_ change: (inout LogConfiguration) -> Void = { _ in }) throws -> PartitionLog {
        var configuration = configuration
        change(&configuration)
        return try PartitionLog(directory: directory, configuration: configuration)
    }

    /// Fills segments with other keys, so that all before is in full ones.
    private func fill(_ log: PartitionLog, timestamp: Int64 = 1_000) throws {
        for index in 0..<40 {
            _ = try log.append(
                KeyedBatch([("filler-\(index % 3)", String(repeating: "x", count: 60))], timestamp: timestamp).bytes,
                now: 0)
        }
    }

    private func values(_ log: PartitionLog, _ key: String) throws -> [String?] {
        try LogContent(log).records.filter { $0.key == key }.map(\.value)
    }

    @Test func `the last record of each key stays, at its offset and with its time`() throws {
        let log = try open()
        for round in 0..<30 {
            let records = (0..<10).map { (key: "k\($0)" as String?, value: "v\(round)" as String?) }
            _ = try log.append(KeyedBatch(records, timestamp: Int64(1_000 * round)).bytes, now: 0)
        }
        let before = try LogContent(log)
        let result = try #require(try log.compact(now: 0), "there is enough to do")
        #expect(result.recordsAfter < result.recordsBefore)
        let after = try LogContent(log)
        #expect(after.fold == before.fold)
        #expect(after.records.count <= 10 + 50, "one of each key, and the segment that is written to")
        let known = Dictionary(before.records.map { ($0.offset, $0) }) { first, _ in first }
        for record in after.records { #expect(known[record.offset] == record) }
        #expect(log.endOffset == 300)
        #expect(try log.compact(now: 0) == nil, "nothing new, nothing to do")
        let reopened = try open()
        #expect(try LogContent(reopened).records == after.records)
        #expect(try reopened.compact(now: 0) == nil, "what is compacted is known after a restart")
        #expect(try reopened.offset(forTimestamp: 29_000)?.offset == 290)
    }

    @Test func `a tombstone stays for its time and goes then, with the value long gone`() throws {
        let log = try open()
        _ = try log.append(KeyedBatch([("a", "1"), ("b", "2")]).bytes, now: 0)
        _ = try log.append(KeyedBatch([("a", nil), ("c", "3")], timestamp: 5_000).bytes, now: 0)
        try fill(log)
        _ = try log.compact(now: 10_000)
        #expect(try values(log, "a") == [nil])
        #expect(try values(log, "b") == ["2"])
        let content = try LogContent(log)
        #expect(content.records.first { $0.key == "a" }?.timestamp == 5_000, "the horizon moves no record's time")
        #expect(content.batches.contains { $0.deleteHorizon == 10_000 + Self.day })
        _ = try log.compact(now: 10_000 + Self.day - 1, isForced: true)
        #expect(try values(log, "a") == [nil])
        #expect(try log.compact(now: 10_000 + Self.day) != nil, "a horizon that has passed is work by itself")
        #expect(try values(log, "a").isEmpty)
        #expect(try values(log, "c") == ["3"])
        #expect(try log.compact(now: 10_000 + 2 * Self.day) == nil)
    }

    @Test func `records younger than the lag stay as they are`() throws {
        let log = try open { $0.minimumCompactionLag = 60_000 }
        for round in 0..<40 {
            _ = try log.append(KeyedBatch([("k", "v\(round)")], timestamp: Int64(round * 1_000)).bytes, now: 0)
        }
        _ = try log.compact(now: 80_000)
        let left = try values(log, "k").compactMap { $0 }
        #expect(left.count < 40)
        #expect(left.suffix(19) == (21..<40).map { "v\($0)" }[...])
    }

    @Test func `a log with little that is new waits, unless records are older than the most lag`() throws {
        let log = try open()
        for round in 0..<200 { _ = try log.append(KeyedBatch([("k\(round)", "v")], timestamp: 0).bytes, now: 0) }
        #expect(try log.compact(now: 0) != nil)
        for _ in 0..<25 { _ = try log.append(KeyedBatch([("k", "v")], timestamp: 0).bytes, now: 0) }
        #expect(try log.compact(now: 70_000) == nil)
        var late = configuration
        late.maximumCompactionLag = 60_000
        log.configure(late)
        #expect(try log.compact(now: 50_000) == nil)
        #expect(try log.compact(now: 70_000) != nil)
        #expect(try values(log, "k").count == 1)
    }

    @Test func `a producer goes on after compaction and a restart, and its last five batches are still known`() throws {
        var log = try open()
        func batch(_ sequence: Int32) -> ByteBuffer {
            var batch = KeyedBatch([("k", "v\(sequence)"), ("l", "w\(sequence)")])
            batch.producerID = 7
            batch.producerEpoch = 3
            batch.baseSequence = sequence
            return batch.bytes
        }
        func sequences() throws -> [Int32] {
            try LogContent(log).batches.filter { $0.header.producerID == 7 }.map(\.header.baseSequence)
        }
        for number in 0..<8 { #expect(try log.append(batch(Int32(number * 2)), now: 0).baseOffset == number * 2) }
        _ = try log.append(KeyedBatch([("k", "other"), ("l", "other")]).bytes, now: 0)
        try fill(log)
        _ = try log.compact(now: 0)
        log.close()
        log = try open()
        #expect(try sequences() == [6, 8, 10, 12, 14])
        #expect(try values(log, "k") == ["other"])
        for number in 3..<8 { #expect(try log.append(batch(Int32(number * 2)), now: 0).baseOffset == number * 2) }
        #expect(throws: LogFailure.outOfOrderSequence) { try log.append(batch(4), now: 0) }
        #expect(throws: LogFailure.outOfOrderSequence) { try log.append(batch(18), now: 0) }
        #expect(try log.append(batch(16), now: 0).baseOffset == log.endOffset - 2)
        try fill(log)
        _ = try log.compact(now: 0, isForced: true)
        #expect(try sequences() == [8, 10, 12, 14, 16])
    }

    @Test func `records of aborted transactions go, and markers after all of them`() throws {
        let log = try open()
        func transaction(_ sequence: Int32, _ value: String, isAbort: Bool) throws {
            var batch = KeyedBatch([("k", value), ("only-\(value)", value)])
            batch.producerID = 9
            batch.producerEpoch = 0
            batch.baseSequence = sequence
            batch.isTransactional = true
            log.admitTransaction(producerID: 9, epoch: 0)
            _ = try log.append(batch.bytes, now: 0)
            let kind = isAbort ? ControlRecord.Kind.abort : .commit
            try log.endTransaction(ControlRecord(kind: kind, producerID: 9, producerEpoch: 0), now: 0)
        }
        try transaction(0, "committed", isAbort: false)
        try transaction(2, "aborted", isAbort: true)
        try fill(log)
        _ = try log.compact(now: 0)
        func markers() throws -> Int { try LogContent(log).batches.count { $0.header.isControl } }
        #expect(try values(log, "k") == ["committed"])
        #expect(try LogContent(log).aborted == 0)
        #expect(try markers() == 2)
        // Later ones make the aborted one none of the producer's last five.
        for number in 0..<5 { try transaction(Int32(4 + number * 2), "again", isAbort: false) }
        try fill(log)
        for time in [1, Self.day + 1, 2 * Self.day + 2, 3 * Self.day + 3] {
            _ = try log.compact(now: time, isForced: true)
        }
        #expect(try values(log, "k") == ["again"])
        #expect(try values(log, "only-committed") == ["committed"])
        #expect(try markers() == 6, "those of committed data stay, that of the aborted transaction went")
        #expect(log.state.withLock { $0.transactions.aborted(in: 0..<$0.end) }.isEmpty)
    }

    @Test func `a batch that cannot be read stays whole, and so do tombstones after it`() throws {
        let log = try open()
        let unreadable = KeyedBatch.compressed(5, count: 2, body: ByteBuffer(bytes: [1, 2, 3]))
        _ = try log.append(unreadable, now: 0)
        _ = try log.append(KeyedBatch([("a", nil)]).bytes, now: 0)
        try fill(log)
        _ = try log.compact(now: 0)
        _ = try log.compact(now: 2 * Self.day, isForced: true)
        let content = try LogContent(log)
        #expect(content.batches.contains { $0.header.attributes & 7 == 5 && $0.header.count == 2 })
        #expect(try values(log, "a") == [nil])
    }

    @Test func `a map that is full leaves the rest to the next compaction`() throws {
        let log = try open()
        for round in 0..<4 {
            for key in 0..<50 { _ = try log.append(KeyedBatch([("k\(key)", "v\(round)")]).bytes, now: 0) }
        }
        let expected = try LogContent(log).fold
        for _ in 0..<10 { _ = try log.compact(now: 0, isForced: true, maximumKeys: 20) }
        let partly = try LogContent(log)
        #expect(partly.fold == expected)
        _ = try log.compact(now: 0, isForced: true)
        #expect(try LogContent(log).fold == expected)
        #expect(partly.records.count < 200)
    }

    @Test func `a record without a key is refused where logs are compacted`() throws {
        let log = try open()
        #expect(throws: LogFailure.invalidRecord("Compacted topic cannot accept message without key")) {
            try log.append(KeyedBatch([("a", "1"), (nil, "2")]).bytes, now: 0)
        }
        #expect(log.endOffset == 0)
    }

    @Test func `records that a client deletes during a compaction stay deleted`() throws {
        let log = try open()
        for round in 0..<60 { _ = try log.append(KeyedBatch([("k\(round % 5)", "v\(round)")]).bytes, now: 0) }
        _ = try log.deleteRecords(before: 40)
        _ = try log.compact(now: 0, isForced: true)
        #expect(log.logStartOffset == 40)
        #expect(try LogContent(log).records.allSatisfy { $0.offset >= 40 })
        #expect(try open().logStartOffset == 40)
    }

    @Test func `a compaction whose segments are deleted meanwhile leaves the rest for the next one`() throws {
        let log = try open()
        for round in 0..<120 { _ = try log.append(KeyedBatch([("k\(round % 3)", "v\(round)")]).bytes, now: 0) }
        let before = try LogContent(log)
        // The first reading of the log's segments is followed by the deletion of some of them.
        let plan = try #require(try log.plan(now: 0, isForced: true))
        _ = try log.deleteRecords(before: plan.segments[1].nextOffset)
        #expect(try log.compact(plan, now: 0, maximumKeys: 1_000) == nil)
        #expect(try LogContent(log).fold == before.fold)
        #expect(log.state.withLock { $0.compactedEnd } == 0)
        #expect(try log.compact(now: 0, isForced: true) != nil)
        #expect(try LogContent(log).fold == before.fold)
    }

    @Test func `closing ends a compaction, which leaves nothing behind`() throws {
        let log = try open()
        for round in 0..<120 { _ = try log.append(KeyedBatch([("k\(round % 3)", "v\(round)")]).bytes, now: 0) }
        let plan = try #require(try log.plan(now: 0, isForced: true))
        log.close()
        #expect(throws: CancellationError.self) { try log.compact(plan, now: 0, maximumKeys: 1_000) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).allSatisfy { $0.hasSuffix(".log") })
        try log.delete()
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    // MARK: Crashes

    private func copy(_ name: String) throws -> String {
        let path = "\(directory)-\(name)"
        try FileManager.default.copyItem(atPath: directory, toPath: path)
        return path
    }

    @Test func `a crash at any point of a swap leaves the log as it was or as it becomes`() throws {
        var log = try open()
        for round in 0..<60 { _ = try log.append(KeyedBatch([("k\(round % 4)", "v\(round)")]).bytes, now: 0) }
        let fold = try LogContent(log).fold
        log.close()
        let before = try copy("before")
        defer { try? FileManager.default.removeItem(atPath: before) }
        let old = try FileManager.default.contentsOfDirectory(atPath: before).filter { $0.hasSuffix(".log") }.sorted()
        try #require(old.count > 4)

        // The full segments of all become one when they are small enough.
        log = try open { $0.segmentBytes = 1 << 20 }
        _ = try log.compact(now: 0, isForced: true)
        log.close()
        let new = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".log") }
            .sorted()
        #expect(new == [old[0], old[old.count - 1]])
        let merged = try Data(contentsOf: URL(filePath: "\(directory)/\(old[0])"))
        let swap = "\(old[0].dropLast(4))-\(old[old.count - 1].dropLast(4)).swap"

        func check(_ what: String, _ prepare: (String) throws -> Void) throws {
            try? FileManager.default.removeItem(atPath: directory)
            try FileManager.default.copyItem(atPath: before, toPath: directory)
            try prepare(directory)
            for _ in 0..<2 {
                let log = try open { $0.segmentBytes = 1 << 20 }
                #expect(try LogContent(log).fold == fold, "\(what)")
                #expect(log.endOffset == 60, "\(what)")
                log.close()
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(left.allSatisfy { $0.hasSuffix(".log") }, "\(what): \(left)")
        }
        for size in [0, 1, merged.count / 2, merged.count] {
            try check("\(size) bytes are written") { path in
                try merged.prefix(size).write(to: URL(filePath: "\(path)/\(old[0].dropLast(4)).cleaned"))
            }
        }
        for removed in 0..<old.count - 1 {
            try check("\(removed) old segments are gone") { path in
                try merged.write(to: URL(filePath: "\(path)/\(swap)"))
                for name in old.dropFirst().prefix(removed) {
                    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
                }
            }
        }
    }

    @Test func `nothing is compacted from the first open transaction on`() throws {
        let log = try open()
        try fill(log)
        log.admitTransaction(producerID: 9, epoch: 0)
        var batch = KeyedBatch([("k", "open")])
        (batch.producerID, batch.producerEpoch, batch.baseSequence, batch.isTransactional) = (9, 0, 0, true)
        let first = try log.append(batch.bytes, now: 0).baseOffset
        try fill(log)
        _ = try log.compact(now: 0, isForced: true)
        let all = try log.read(from: first, maxBytes: 1 << 20, minOneBatch: true)
        #expect(BatchHeader(all, at: 0)?.baseOffset == first)
        let end = log.endOffset
        try log.endTransaction(ControlRecord(kind: .commit, producerID: 9, producerEpoch: 0), now: 0)
        try fill(log)
        _ = try log.compact(now: 0, isForced: true)
        #expect(try values(log, "k") == ["open"])
        #expect(try LogContent(log).records.count { $0.offset < end } < 30)
    }

    @Test(arguments: 0..<6) func `whatever is written, compacted, reopened and deleted, the fold is the same`(
        round: Int
    ) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var script = CompactionScript(log: try open(), seed: seed) { try self.open() }
        for step in 0..<300 {
            try script.step()
            if step % 10 == 0 { try #require(LogContent(script.log).fold == script.model, "step \(step)") }
        }
        #expect(try LogContent(script.log).fold == script.model)
    }
}
