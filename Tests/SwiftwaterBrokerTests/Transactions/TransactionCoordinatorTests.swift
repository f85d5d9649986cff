import Foundation
import Synchronization
import Testing

@testable import SwiftwaterBroker

@Suite struct TransactionCoordinatorTests {
    private func with(
        copiesAtSteps: Bool = false, _ body: (TransactionScene) async throws -> Void
    ) async throws {
        let scene = try await TransactionScene(copiesAtSteps: copiesAtSteps)
        do {
            try await body(scene)
        } catch {
            await scene.remove()
            throw error
        }
        await scene.remove()
    }

    private func begin(_ scene: TransactionScene, partitions: [Int32] = [0]) async throws -> Transaction.Producer {
        let registration = try await scene.register()
        #expect(registration.error == .none)
        #expect(try await scene.add(registration.producer, partitions).allSatisfy { $0 == .none })
        return registration.producer
    }

    @Test(arguments: 0...3 as ClosedRange<Int16>, [true, false])
    func `records and offsets of a transaction count from its commit on, in every version`(
        version: Int16, commits: Bool
    ) async throws {
        try await with { scene in
            let producer = try await scene.register(version: version).producer
            #expect(try await scene.add(producer, [0, 1], version: version) == [.none, .none])
            #expect(try await scene.addOffsets(producer, version: version) == .none)
            try scene.produce(producer, "a")
            try scene.produce(producer, "b", partition: 1)
            #expect(try await scene.commitOffset(producer, 5, version: version) == .none)
            #expect(try await scene.committedOffset() == .init(offset: -1, error: .unstableOffsetCommit))
            #expect(try await scene.committedOffset(stable: false) == .init(offset: -1, error: .none))
            #expect(try scene.committed() == [] && scene.committed(1) == [])
            #expect(try await scene.end(producer, commit: commits, version: version) == .none)
            #expect(try scene.committed() == (commits ? ["a"] : []))
            #expect(try scene.committed(1) == (commits ? ["b"] : []))
            #expect(try await scene.committedOffset() == .init(offset: commits ? 5 : -1, error: .none))
            for partition in 0...1 as ClosedRange<Int32> {
                #expect(try scene.log("t", partition).lastStableOffset == 2)
            }
        }
    }

    @Test func `a registration shuts the predecessor out of its partitions, its group and its end`() async throws {
        try await with { scene in
            let zombie = try await begin(scene)
            #expect(try await scene.addOffsets(zombie) == .none)
            try scene.produce(zombie, "lost")
            #expect(try await scene.commitOffset(zombie, 3) == .none)
            let successor = try await scene.register().producer
            #expect(successor == Transaction.Producer(id: zombie.id, epoch: zombie.epoch + 2))
            #expect(try await scene.committedOffset() == .init(offset: -1, error: .none))
            #expect(throws: LogFailure.invalidProducerEpoch) { try scene.produce(zombie, "zombie", sequence: 1) }
            #expect(try await scene.commitOffset(zombie, 4) == .invalidProducerEpoch)
            for version in 0...3 as ClosedRange<Int16> {
                let fenced: ErrorCode = version < 2 ? .invalidProducerEpoch : .producerFenced
                #expect(try await scene.add(zombie, [0], version: version) == [fenced])
                #expect(try await scene.addOffsets(zombie, version: version) == fenced)
                #expect(try await scene.end(zombie, commit: true, version: version) == fenced)
            }
            #expect(try await scene.register(as: zombie, version: 4).error == .producerFenced)
            #expect(try await scene.register(as: zombie, version: 3).error == .invalidProducerEpoch)
            #expect(try await scene.add(successor, [0]) == [.none])
            try scene.produce(successor, "good")
            #expect(try await scene.end(successor, commit: true) == .none)
            #expect(try scene.committed() == ["good"])
        }
    }

    @Test func `a transaction that lasts too long is aborted, and its owner shut out`() async throws {
        try await with { scene in
            let producer = try await scene.register(timeout: 5_000).producer
            #expect(try await scene.add(producer, [0]) == [.none])
            try scene.produce(producer, "slow")
            await scene.pass(4_999)
            #expect(try scene.log().lastStableOffset == 0)
            await scene.pass(1)
            #expect(try scene.log().lastStableOffset == 2)
            #expect(try scene.committed() == [])
            #expect(try await scene.end(producer, commit: true) == .producerFenced)
            #expect(throws: LogFailure.invalidProducerEpoch) { try scene.produce(producer, "late", sequence: 1) }
            #expect(try await scene.register(as: producer).error == .producerFenced)
            #expect(try await scene.register().producer.epoch == producer.epoch + 2)
        }
    }

    @Test func `what a transaction was not told of is refused, and other mistakes have their errors`() async throws {
        try await with { scene in
            #expect(try await scene.register("", version: 4).error == .invalidRequest)
            #expect(try await scene.register(timeout: 900_001).error == .invalidTransactionTimeout)
            #expect(try await scene.register(timeout: 0).error == .invalidTransactionTimeout)
            #expect(try await scene.register(nil, timeout: 0).error == .none)
            let nobody = Transaction.Producer(id: 5_555, epoch: 0)
            #expect(try await scene.end(nobody, commit: true) == .invalidProducerIDMapping)
            let producer = try await begin(scene)
            #expect(throws: LogFailure.invalidTransactionState) { try scene.produce(producer, "a", partition: 1) }
            #expect(try await scene.commitOffset(producer, 5) == .invalidTransactionState)
            #expect(try await scene.end(nobody, commit: true) == .invalidProducerIDMapping)
            #expect(
                try await scene.add(producer, [0, 7]) == [.operationNotAttempted, .unknownTopicOrPartition])
            #expect(try await scene.addOffsets(producer) == .none)
            #expect(try await scene.commitOffset(producer, 5, topic: "none") == .unknownTopicOrPartition)
            #expect(try await scene.end(producer, commit: true) == .none)
            #expect(try await scene.end(producer, commit: true) == .none)
            #expect(try await scene.end(producer, commit: false) == .invalidTransactionState)
            #expect(try await scene.commitOffset(producer, 6) == .invalidTransactionState)
            #expect(throws: LogFailure.invalidTransactionState) { try scene.produce(producer, "b") }
        }
    }

    @Test func `a transaction goes on where it was after a restart`() async throws {
        var scene = try await TransactionScene()
        let producer = try await begin(scene, partitions: [0, 1])
        #expect(try await scene.addOffsets(producer) == .none)
        try scene.produce(producer, "a")
        #expect(try await scene.commitOffset(producer, 5) == .none)
        scene = try await scene.restarted()
        #expect(try scene.log().lastStableOffset == 0)
        #expect(try await scene.committedOffset().error == .unstableOffsetCommit)
        try scene.produce(producer, "b", sequence: 1)
        try scene.produce(producer, "c", partition: 1)
        #expect(try await scene.commitOffset(producer, 6) == .none)
        #expect(try await scene.end(producer, commit: true) == .none)
        #expect(try scene.committed() == ["a", "b"] && scene.committed(1) == ["c"])
        #expect(try await scene.committedOffset() == .init(offset: 6, error: .none))
        await scene.remove()
    }

    /// The directory is copied at each step of a transaction, and a broker started on each copy.
    @Test(arguments: [true, false])
    func `a crash between any two steps of a transaction ends in all or nothing`(commits: Bool) async throws {
        try await with(copiesAtSteps: true) { scene in
            let producer = try await begin(scene, partitions: [0, 1])
            for group in ["g", "h"] { #expect(try await scene.addOffsets(producer, group: group) == .none) }
            try scene.produce(producer, "a")
            try scene.produce(producer, "b", partition: 1)
            for group in ["g", "h"] { #expect(try await scene.commitOffset(producer, 5, group: group) == .none) }
            #expect(try await scene.end(producer, commit: commits) == .none)

            let crashes = scene.crashes.withLock(\.self)
            #expect(
                crashes.map(\.step)
                    == [
                        .registered, .added, .added, .added, .prepared, .marked, .marked, .resolved, .resolved,
                        .completed,
                    ])
            for crash in crashes {
                let other = try await TransactionScene(directory: crash.directory)
                let isDecided = ![.registered, .added].contains(crash.step)
                if isDecided {
                    #expect(try await other.end(producer, commit: commits) == .none, "\(crash.step)")
                    #expect(try await other.end(producer, commit: !commits) == .invalidTransactionState)
                }
                let next = try await other.register().producer
                #expect(next.id == producer.id && next.epoch > producer.epoch)
                let isThere = commits && isDecided
                #expect(try other.committed() == (isThere ? ["a"] : []), "\(crash.step)")
                #expect(try other.committed(1) == (isThere ? ["b"] : []), "\(crash.step)")
                for group in ["g", "h"] {
                    #expect(
                        try await other.committedOffset(group: group) == .init(offset: isThere ? 5 : -1, error: .none),
                        "\(crash.step)")
                }
                #expect(try await other.add(next, [0]) == [.none])
                try other.produce(next, "next")
                #expect(try await other.end(next, commit: true) == .none)
                #expect(try other.committed().last == "next", "\(crash.step)")
                for partition in 0...1 as ClosedRange<Int32> {
                    let log = try other.log("t", partition)
                    #expect(log.lastStableOffset == log.endOffset)
                }
                await other.remove()
            }
        }
    }

    @Test func `a deadline that passed while the broker was down is kept at its start`() async throws {
        var scene = try await TransactionScene()
        let producer = try await scene.register(timeout: 5_000).producer
        #expect(try await scene.add(producer, [0]) == [.none])
        try scene.produce(producer, "a")
        scene = try await scene.restarted()
        #expect(try scene.log().lastStableOffset == 0)
        await scene.pass(5_000)
        #expect(try scene.log().lastStableOffset == 2)
        await scene.remove()
    }

    @Test func `offsets by time and the end stop at an open transaction for readers of committed records`()
        async throws
    {
        try await with { scene in
            let producer = try await begin(scene)
            try scene.produce(producer, "a")
            #expect(try await scene.end(producer, commit: true) == .none)
            #expect(try await scene.add(producer, [0]) == [.none])
            try scene.produce(producer, "b", sequence: 1, time: 2_000)
            for (time, committed, all) in [(-1, 2, 3), (-2, 0, 0), (500, 0, 0), (1_500, -1, 2)] {
                #expect(try await scene.offset(at: Int64(time), isolation: .readCommitted) == committed)
                #expect(try await scene.offset(at: Int64(time), isolation: .readUncommitted) == all)
            }
        }
    }

    @Test func `a deleted topic does not hold up the transaction's end`() async throws {
        try await with { scene in
            let producer = try await begin(scene)
            #expect(try await scene.add(producer, [0], of: "in") == [.none])
            try scene.produce(producer, "a")
            try scene.topics.delete("in")
            #expect(try await scene.end(producer, commit: true) == .none)
            #expect(try scene.committed() == ["a"])
            #expect(try await scene.add(producer, [0]) == [.none])
        }
    }

    @Test func `a marker that cannot be written holds up the next transaction, and is there after the next start`()
        async throws
    {
        var scene = try await TransactionScene()
        let producer = try await begin(scene, partitions: [0, 1])
        #expect(try await scene.addOffsets(producer) == .none)
        try scene.produce(producer, "a")
        try scene.produce(producer, "b", partition: 1)
        #expect(try await scene.commitOffset(producer, 5) == .none)
        try scene.log("t", 1).close()
        #expect(try await scene.end(producer, commit: true) == .none)
        #expect(try scene.committed() == ["a"])
        #expect(try await scene.committedOffset() == .init(offset: 5, error: .none))
        await scene.pass(10_000)
        #expect(try await scene.add(producer, [0]) == [.concurrentTransactions])
        #expect(try await scene.register().error == .concurrentTransactions)
        #expect(try await scene.end(producer, commit: true) == .concurrentTransactions)
        #expect(try await scene.end(producer, commit: false) == .invalidTransactionState)
        // The partitions that have their marker are left alone.
        #expect(try scene.log().endOffset == 2)
        scene = try await scene.restarted()
        #expect(try scene.committed(1) == ["b"])
        #expect(try await scene.add(producer, [0]) == [.none])
        await scene.remove()
    }

    @Test func `without its coordinator's log a transaction is aborted at start, not open for ever`() async throws {
        var scene = try await TransactionScene()
        let producer = try await begin(scene)
        #expect(try await scene.addOffsets(producer) == .none)
        try scene.produce(producer, "a")
        #expect(try await scene.commitOffset(producer, 5) == .none)
        await scene.close()
        try FileManager.default.removeItem(atPath: "\(scene.directory)/transactions")
        scene = try await TransactionScene(directory: scene.directory)
        #expect(try scene.log().lastStableOffset == 2)
        #expect(try scene.committed() == [])
        #expect(try await scene.committedOffset() == .init(offset: -1, error: .none))
        await scene.remove()
    }

    @Test func `an id that nobody uses is forgotten`() async throws {
        try await with { scene in
            let producer = try await scene.register().producer
            await scene.pass(604_799_999)
            #expect(try await scene.register(as: producer).producer.epoch == 1)
            await scene.pass(604_800_000)
            #expect(try await scene.end(producer, commit: true) == .invalidProducerIDMapping)
            #expect(try await scene.register().producer.id != producer.id)
        }
    }
}
