import Foundation
import Testing

@testable import SwiftwaterBroker

final class RetentionTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("retain-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Ten segments of two batches of 80 bytes, ten seconds apart.
    private func open(_ change: (inout LogConfiguration) -> Void) throws -> PartitionLog {
        var configuration = LogConfiguration()
        configuration.segmentBytes = 200
        configuration.retentionAge = -1
        change(&configuration)
        let log = try PartitionLog(directory: directory, configuration: configuration)
        for index in 0..<20 {
            let batch = KeyedBatch([("k", "some value")], timestamp: Int64(index / 2 * 10_000))
            _ = try log.append(batch.bytes, now: 0)
        }
        return log
    }

    private var files: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory).count { $0.hasSuffix(".log") }
        }
    }

    @Test func `segments whose last record is too old go, and stay gone`() throws {
        let log = try open { $0.retentionAge = 30_000 }
        #expect(try files == 10)
        #expect(try log.retain(now: 30_000) == nil)
        #expect(try log.retain(now: 60_000) == 6)
        #expect(log.logStartOffset == 6)
        #expect(try files == 7)
        #expect(throws: LogFailure.offsetOutOfRange) { try log.read(from: 5, maxBytes: 100, minOneBatch: true) }
        log.close()
        let again = try PartitionLog(directory: directory, configuration: log.configuration)
        #expect(again.logStartOffset == 6 && again.endOffset == 20)
    }

    @Test func `when all is too old the log is empty and goes on at its end`() throws {
        let log = try open { $0.retentionAge = 30_000 }
        #expect(try log.retain(now: 1_000_000) == 20)
        #expect(try log.retain(now: 2_000_000) == nil)
        log.close()
        let again = try PartitionLog(directory: directory, configuration: log.configuration)
        #expect(again.logStartOffset == 20 && again.endOffset == 20)
        #expect(try again.append(KeyedBatch([("k", "v")]).bytes, now: 0).baseOffset == 20)
    }

    @Test func `the oldest segments go until no more than the size would be left`() throws {
        let log = try open { $0.retentionBytes = 500 }
        let start = try #require(try log.retain(now: 0))
        #expect(start == 12)
        #expect(try log.retain(now: 0) == nil)
        #expect(try LogContent(log).records.map(\.offset) == Array(12..<20))
    }

    @Test func `without a limit, or with compaction alone, nothing goes`() throws {
        let log = try open { _ in }
        #expect(try log.retain(now: .max) == nil)
        var configuration = log.configuration
        configuration.deletes = false
        configuration.retentionAge = 1
        configuration.retentionBytes = 1
        log.configure(configuration)
        #expect(try log.retain(now: 1_000_000) == nil)
        configuration.deletes = true
        log.configure(configuration)
        #expect(try log.retain(now: 1_000_000) == 20)
    }

    @Test func `a segment ends when the times of its records differ too much`() throws {
        let log = try open {
            $0.segmentBytes = 1 << 20
            $0.segmentAge = 25_000
        }
        // 0 to 20 s, 30 to 50 s, 60 to 80 s, and the last.
        #expect(try files == 4)
        #expect(try LogContent(log).records.count == 20)
    }

    @Test func `what an open transaction has written stays, however old`() throws {
        let log = try open { $0.retentionAge = 30_000 }
        log.admitTransaction(producerID: 9, epoch: 0)
        var batch = KeyedBatch([("k", "open")], timestamp: 0)
        (batch.producerID, batch.producerEpoch, batch.baseSequence, batch.isTransactional) = (9, 0, 0, true)
        _ = try log.append(batch.bytes, now: 0)
        #expect(try log.retain(now: 1_000_000) == 20)
        try log.endTransaction(ControlRecord(kind: .abort, producerID: 9, producerEpoch: 0), now: 0)
        #expect(try log.retain(now: 1_000_000) == 22)
    }
}
