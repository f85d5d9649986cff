import Foundation
import Testing

@testable import SwiftwaterBroker

@Suite struct OffsetLogTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "offset-log-\(UUID().uuidString)")
        .path

    init() throws { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }

    private var path: String { "\(directory)/\(OffsetLog.fileName)" }

    private func commit(_ offset: Int64) -> OffsetLogRecord {
        let entry = OffsetLogRecord.Entry(
            topic: "t", partition: 0,
            offset: CommittedOffset(offset: offset, leaderEpoch: -1, metadata: "mäta", timestamp: 1))
        return .commit(group: "g", entries: [entry])
    }

    private func read() throws -> (records: [OffsetLogRecord], cut: Int) {
        var records: [OffsetLogRecord] = []
        let cut = try OffsetLog.open(in: directory) { records.append($0) }.cut
        return (records, cut)
    }

    @Test func `every kind of record comes back as it went in`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let all: [OffsetLogRecord] = [
            .generation(group: "g", generation: 4, protocolType: "consumer"),
            .membership(
                group: "g",
                GroupMembership(
                    generation: 4, protocolType: "consumer", protocolName: "range", leader: "m",
                    members: [
                        .init(
                            id: "m", instanceID: nil, clientID: "c", clientHost: "h", sessionTimeout: .seconds(6),
                            rebalanceTimeout: .milliseconds(60_001),
                            protocols: [GroupProtocol(name: "range", metadata: [1, 2])], assignment: [3])
                    ])),
            commit(1),
            .stage(group: "g", producerID: 7, entries: []),
            .endTransaction(group: "g", producerID: 7, committing: true),
            .removeOffsets(group: "g", topic: "t", partitions: [1, 2]), .removeGroup("g"), .removeTopic("t"),
        ]
        do {
            let log = try OffsetLog.open(in: directory) { _ in }.log
            for record in all { try log.append(record) }
        }
        let (records, cut) = try read()
        #expect(records == all)
        #expect(cut == 0)
    }

    @Test func `a tear at any byte of the last record loses that record only, and the log goes on`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        do {
            let log = try OffsetLog.open(in: directory) { _ in }.log
            try log.append(commit(1))
            try log.append(commit(2))
        }
        let whole = try Data(contentsOf: URL(filePath: path))
        let record = whole.count / 2
        for length in record..<whole.count {
            try whole.prefix(length).write(to: URL(filePath: path))
            var records: [OffsetLogRecord] = []
            let log = try OffsetLog.open(in: directory) { records.append($0) }.log
            #expect(records == [commit(1)], "cut at \(length)")
            try log.append(commit(3))
            #expect(try read().records == [commit(1), commit(3)])
        }
        for index in record..<whole.count {
            var damaged = whole
            damaged[index] ^= 0x40
            try damaged.write(to: URL(filePath: path))
            let (records, cut) = try read()
            #expect(records == [commit(1)], "damaged at \(index)")
            #expect(cut == record)
        }
    }

    @Test func `compaction leaves the given records, and appending goes on behind them`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let log = try OffsetLog.open(in: directory) { _ in }.log
        for offset in 0..<100 { try log.append(commit(Int64(offset))) }
        try log.compact(to: [commit(99)])
        try log.append(commit(100))
        #expect(try read().records == [commit(99), commit(100)])
    }
}
