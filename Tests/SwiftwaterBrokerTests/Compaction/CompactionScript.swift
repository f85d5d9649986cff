@testable import SwiftwaterBroker

/// Random events of a compacted log, and what its consumers must make of them.
struct CompactionScript {
    private struct Written {
        var key: String
        var value: String?
        /// nil outside transactions, and once it is committed.
        var openIn: Int64?
    }

    private(set) var log: PartitionLog
    private let reopen: () throws -> PartitionLog
    private var random: SplitMix
    private var time: Int64 = 1_000
    /// In the order of their offsets; of aborted transactions nothing.
    private var written: [(offset: Int64, record: Written)] = []
    private var sequences: [Int64: Int32] = [:]
    private var open: Set<Int64> = []
    private var count = 0

    init(log: PartitionLog, seed: UInt64, reopen: @escaping () throws -> PartitionLog) {
        self.log = log
        self.random = SplitMix(state: seed)
        self.reopen = reopen
    }

    /// The fold of what is committed before the first open transaction.
    var model: [String: String] {
        let end = log.lastStableOffset
        var fold: [String: String] = [:]
        for (offset, record) in written where offset < end && record.openIn == nil { fold[record.key] = record.value }
        return fold
    }

    mutating func step() throws {
        count += 1
        time += Int64(random.next(below: 5_000))
        switch random.next(below: 20) {
        case 0: _ = try log.compact(now: time, isForced: random.next(below: 2) == 0)
        case 1:
            // Past the horizons of tombstones and markers.
            time += Int64(random.next(below: 200_000_000))
            _ = try log.compact(now: time, isForced: true, maximumKeys: 1 + random.next(below: 20))
        case 2:
            log.close()
            log = try reopen()
            for producer in open { log.admitTransaction(producerID: producer, epoch: 0) }
        case 3..<8: try writeInTransaction(Int64(random.next(below: 3)))
        case 8..<11: try endTransaction(Int64(random.next(below: 3)))
        default: try write(KeyedBatch(records(), timestamp: time), in: nil)
        }
    }

    private mutating func records() -> [(key: String?, value: String?)] {
        (0...random.next(below: 4)).map { _ in
            ("k\(random.next(below: 12))", random.next(below: 4) == 0 ? nil : "v\(count)")
        }
    }

    private mutating func write(_ batch: KeyedBatch, in transaction: Int64?) throws {
        let base = try log.append(batch.bytes, now: time).baseOffset
        for (index, record) in batch.records.enumerated() {
            written.append(
                (base + Int64(index), Written(key: record.key ?? "", value: record.value, openIn: transaction)))
        }
    }

    private mutating func writeInTransaction(_ producer: Int64) throws {
        if open.insert(producer).inserted { log.admitTransaction(producerID: producer, epoch: 0) }
        var batch = KeyedBatch(records(), timestamp: time)
        batch.producerID = producer
        batch.producerEpoch = 0
        batch.baseSequence = sequences[producer, default: 0]
        batch.isTransactional = true
        sequences[producer, default: 0] += Int32(batch.records.count)
        try write(batch, in: producer)
    }

    private mutating func endTransaction(_ producer: Int64) throws {
        guard open.remove(producer) != nil else { return }
        let isAbort = random.next(below: 2) == 0
        try log.endTransaction(
            ControlRecord(kind: isAbort ? .abort : .commit, producerID: producer, producerEpoch: 0), now: time)
        if isAbort {
            written.removeAll { $0.record.openIn == producer }
        } else {
            for index in written.indices where written[index].record.openIn == producer {
                written[index].record.openIn = nil
            }
        }
    }
}
