import Foundation
import Synchronization
import Testing

@testable import SwiftwaterBroker

/// Producers under three transactional ids at random, their zombies, time-outs, restarts, and crashes between any two steps. After each
/// event, consumers of committed records and the groups see what a model says.
@Suite struct TransactionSimulationTests {
    /// What a client that lost its answer does: it asks the next broker.
    private final class Broker {
        var scene: TransactionScene
        var random: SplitMix
        var crashes = 0

        init(seed: UInt64) async throws {
            scene = try await TransactionScene(copiesAtSteps: true)
            random = SplitMix(state: seed)
        }

        func ask<Answer>(_ request: (TransactionScene) async throws -> Answer) async throws -> Answer {
            scene.crashes.withLock { crashes in
                for crash in crashes { try? FileManager.default.removeItem(atPath: crash.directory) }
                crashes = []
            }
            let answer = try await request(scene)
            let steps = scene.crashes.withLock(\.count)
            guard steps > 0, random.next(below: 3) == 0 else { return answer }
            crashes += 1
            scene = try await scene.crashed(at: random.next(below: steps))
            return try await request(scene)
        }
    }

    private final class Attempt {
        var isOpen = true
        var isCommitted = false
        var partitions: Set<Int32> = []
        var offset: Int64?

        func end(committed: Bool) {
            isOpen = false
            isCommitted = committed
        }
    }

    private struct Owner {
        var producer: Transaction.Producer
        var sequences: [Int32: Int32] = [:]
        var attempt: Attempt?
    }

    private struct Model {
        /// By partition, in the order of writing.
        var records: [Int32: [(value: String, attempt: Attempt)]] = [:]
        var owners: [String: Owner] = [:]
        var zombies: [(id: String, owner: Owner)] = []
        var offsets: [String: Int64] = [:]
        var written = 0

        func committed(_ partition: Int32) -> [String] {
            (records[partition] ?? []).prefix { !$0.attempt.isOpen }.filter(\.attempt.isCommitted).map(\.value)
        }

        mutating func retire(_ id: String) {
            guard let owner = owners.removeValue(forKey: id) else { return }
            owner.attempt?.end(committed: false)
            zombies.append((id, owner))
        }
    }

    @Test(arguments: 0..<8) func `whatever happens, a transaction is seen as a whole or not at all`(_: Int) async throws
    {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        let broker = try await Broker(seed: seed)
        var model = Model()
        for step in 0..<120 {
            let what = try await act(&model, broker)
            let comment = Comment(rawValue: "seed \(seed) step \(step): \(what)")
            for partition in 0...1 as ClosedRange<Int32> {
                try #require(try broker.scene.committed(partition) == model.committed(partition), comment)
            }
            for id in ["a", "b", "c"] {
                let isPending = model.owners[id]?.attempt?.offset != nil
                let expected: TransactionScene.GroupOffset =
                    isPending
                    ? .init(offset: -1, error: .unstableOffsetCommit)
                    : .init(offset: model.offsets[id] ?? -1, error: .none)
                try #require(try await broker.scene.committedOffset(group: id) == expected, comment)
            }
        }
        await broker.scene.remove()
    }

    private func act(_ model: inout Model, _ broker: Broker) async throws -> String {
        let id = ["a", "b", "c"][broker.random.next(below: 3)]
        switch broker.random.next(below: 20) {
        case 0:
            broker.scene = try await broker.scene.restarted(copiesAtSteps: true)
            return "restart"
        case 1:
            try await broker.ask { scene in
                await scene.pass(10_000)
            }
            // Whoever had a transaction open has lost it, and its place; also if the broker died on the way.
            await broker.scene.pass(0)
            for (id, owner) in model.owners where owner.attempt != nil { model.retire(id) }
            return "time-outs"
        case 2:
            guard !model.zombies.isEmpty else { return "nothing" }
            let zombie = model.zombies[broker.random.next(below: model.zombies.count)]
            try await haunt(broker.scene, zombie.id, zombie.owner)
            return "zombie of \(zombie.id)"
        case 3:
            try await register(id, &model, broker)
            return "\(id) has a successor"
        default:
            if model.owners[id] == nil { try await register(id, &model, broker) }
            return try await proceed(id, &model, broker)
        }
    }

    private func register(_ id: String, _ model: inout Model, _ broker: Broker) async throws {
        let registration = try await broker.ask { try await $0.register(id) }
        try #require(registration.error == .none)
        model.retire(id)
        model.owners[id] = Owner(producer: registration.producer)
    }

    /// Everything that a producer that was shut out may try.
    private func haunt(_ scene: TransactionScene, _ id: String, _ owner: Owner) async throws {
        let producer = owner.producer
        for partition in 0...1 as ClosedRange<Int32> {
            #expect(throws: LogFailure.self) {
                try scene.produce(
                    producer, "zombie", sequence: owner.sequences[partition] ?? 0, partition: partition)
            }
        }
        #expect(try await scene.add(producer, [0], id: id) == [.producerFenced])
        #expect(try await scene.addOffsets(producer, group: id, id: id) == .producerFenced)
        #expect(try await scene.commitOffset(producer, 666, group: id, id: id) == .invalidProducerEpoch)
        #expect(try await scene.end(producer, commit: true, id: id) == .producerFenced)
        #expect(try await scene.register(id, as: producer).error == .producerFenced)
    }

    private func proceed(_ id: String, _ model: inout Model, _ broker: Broker) async throws -> String {
        guard var owner = model.owners[id] else { return "nothing" }
        let producer = owner.producer
        defer { model.owners[id] = owner }
        let attempt = owner.attempt ?? Attempt()
        let choice = owner.attempt == nil ? 0 : broker.random.next(below: 8)
        switch choice {
        case 0:
            let partition = Int32(broker.random.next(below: 2))
            try #require(try await broker.ask { try await $0.add(producer, [partition], id: id) } == [.none])
            owner.attempt = attempt
            attempt.partitions.insert(partition)
            return "\(id) adds \(partition)"
        case 1..<5:
            guard let partition = attempt.partitions.randomElement(using: &broker.random) else { return "nothing" }
            model.written += 1
            let value = "\(id)\(model.written)"
            try broker.scene.produce(
                producer, value, sequence: owner.sequences[partition] ?? 0, partition: partition)
            owner.sequences[partition, default: 0] += 1
            model.records[partition, default: []].append((value, attempt))
            return "\(id) writes \(value)"
        case 5:
            let offset = Int64(broker.random.next(below: 1_000))
            try #require(try await broker.ask { try await $0.addOffsets(producer, group: id, id: id) } == .none)
            try #require(
                try await broker.ask { try await $0.commitOffset(producer, offset, group: id, id: id) } == .none)
            attempt.offset = offset
            return "\(id) commits \(offset)"
        default:
            let commits = broker.random.next(below: 2) == 0
            try #require(try await broker.ask { try await $0.end(producer, commit: commits, id: id) } == .none)
            attempt.end(committed: commits)
            if commits, let offset = attempt.offset { model.offsets[id] = offset }
            owner.attempt = nil
            return "\(id) ends, committing \(commits)"
        }
    }
}
