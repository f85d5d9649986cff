import Testing

@testable import SwiftwaterBroker

/// Members that join, answer slowly, die silently and leave, in random order; the group must never contradict itself.
@Suite struct GroupSimulationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private enum Phase {
        case outside
        case joining(HeldRequest)
        case joined(JoinAnswer)
        case syncing(HeldRequest, generation: Int32)
        case owning(generation: Int32)
    }

    private struct Actor {
        var id = ""
        var instance: String?
        var phase = Phase.outside
        var since: Duration = .zero
        var isHealthy = true
    }

    @Test(arguments: 0..<40)
    func `whatever members do, requests are answered in time and one generation rules`(run: Int) {
        let seed = UInt64(run) &* 7919 &+ UInt64.random(in: 0...UInt64(UInt32.max)) << 16
        var random = Generator(state: seed)
        var scene = GroupScene(initialDelay: .milliseconds(Int.random(in: 0...1, using: &random) * 100)) {
            $0.maximumSize = 6
        }
        var actors = (0..<8).map { Actor(instance: $0 < 2 ? "static-\($0)" : nil) }
        var owned: Set<Int32> = []
        // Rebalance time-out 20 s, session 6 s; a wait may be cut short and begin again, but not for long.
        let bound = Duration.seconds(60)
        let chaos = 3000

        for step in 0..<(chaos + 1500) {
            let isCalm = step >= chaos
            scene.pass(.milliseconds(Int.random(in: 1...400, using: &random)))
            let index = Int.random(in: 0..<actors.count, using: &random)
            for index in actors.indices { read(&actors[index], &scene, &owned, seed, bound) }
            if isCalm { actors[index].isHealthy = true }
            if !isCalm, Int.random(in: 0..<40, using: &random) == 0 {
                // It dies without a word, and another process takes its place.
                actors[index].isHealthy = false
                actors[index].phase = .outside
                actors[index].id = ""
            } else if !isCalm, Int.random(in: 0..<40, using: &random) == 0, !actors[index].id.isEmpty {
                _ = scene.leave(actors[index].id, instance: actors[index].instance)
                actors[index].phase = .outside
                actors[index].id = ""
            } else if !actors[index].isHealthy {
                actors[index].isHealthy = Int.random(in: 0..<3, using: &random) == 0
            } else {
                // In calm times everyone is attentive; otherwise only the one whose turn it is.
                for index in isCalm ? Array(actors.indices) : [index] { act(&actors[index], &scene, seed) }
            }
            #expect(scene.group.members.count + scene.group.pendingMembers.count <= 6, "seed \(seed)")
            #expect(scene.group.staticMembers.values.allSatisfy { scene.group.members[$0] != nil }, "seed \(seed)")
            if let leader = scene.group.leader { #expect(scene.group.members[leader] != nil, "seed \(seed)") }
        }
        #expect(scene.group.state == .stable, "seed \(seed)")
        let owners = actors.filter { if case .owning(scene.group.generation) = $0.phase { true } else { false } }
        #expect(owners.count == scene.group.members.count, "seed \(seed)")
        #expect(owners.count == 6, "seed \(seed)")
        // Members and all that they hold go away in time once nobody is heard of.
        scene.pass(.seconds(600))
        #expect(scene.group.members.isEmpty && scene.group.pendingMembers.isEmpty, "seed \(seed)")
        #expect(scene.group.state == .empty, "seed \(seed)")
    }

    private func read(
        _ actor: inout Actor, _ scene: inout GroupScene, _ owned: inout Set<Int32>, _ seed: UInt64, _ bound: Duration
    ) {
        switch actor.phase {
        case .joining(let held):
            guard let answer = scene.joins.removeValue(forKey: held) else {
                #expect(scene.now - actor.since < bound, "a JoinGroup hangs, seed \(seed)")
                return
            }
            switch answer.error {
            case .none:
                #expect(answer.generation <= scene.group.generation, "seed \(seed)")
                actor.id = answer.memberID
                actor.phase = .joined(answer)
            case .memberIDRequired:
                actor.id = answer.memberID
                actor.phase = .outside
            case .rebalanceInProgress: actor.phase = .outside
            case .groupMaxSizeReached, .unknownMemberID, .fencedInstanceID:
                actor.id = ""
                actor.phase = .outside
            default: Issue.record("JoinGroup gave \(answer.error), seed \(seed)")
            }
        case .syncing(let held, let generation):
            guard let answer = scene.syncs.removeValue(forKey: held) else {
                #expect(scene.now - actor.since < bound, "a SyncGroup hangs, seed \(seed)")
                return
            }
            if answer.error == .none {
                // The assignment carries the generation it was computed for.
                #expect(answer.assignment.first == UInt8(truncatingIfNeeded: generation), "seed \(seed)")
                #expect(owned.allSatisfy { $0 <= generation } || generation == owned.max(), "seed \(seed)")
                owned.insert(generation)
                actor.phase = .owning(generation: generation)
            } else {
                if answer.error == .unknownMemberID || answer.error == .fencedInstanceID { actor.id = "" }
                actor.phase = .outside
            }
        default: break
        }
    }

    private func act(_ actor: inout Actor, _ scene: inout GroupScene, _ seed: UInt64) {
        switch actor.phase {
        case .outside:
            let request = GroupScene.request(
                actor.id, instance: actor.instance, session: .seconds(6), rebalance: .seconds(20), known: true)
            actor.since = scene.now
            actor.phase = .joining(scene.join(request))
        case .joined(let answer):
            let mark = [UInt8(truncatingIfNeeded: answer.generation)]
            let assignments = Dictionary(uniqueKeysWithValues: answer.members.map { ($0.id, mark) })
            actor.since = scene.now
            let held = scene.sync(
                actor.id, instance: actor.instance, generation: answer.generation, assignments)
            actor.phase = .syncing(held, generation: answer.generation)
        case .owning(let generation):
            let error = scene.beat(actor.id, instance: actor.instance, generation: generation)
            let commit = scene.commit(actor.id, generation: generation)
            switch error {
            case .none:
                #expect(generation == scene.group.generation, "seed \(seed)")
                #expect(commit == .none, "seed \(seed)")
            case .rebalanceInProgress:
                #expect(commit == .none, "seed \(seed)")
                actor.phase = .outside
            case .illegalGeneration: actor.phase = .outside
            default:
                #expect(commit != .none, "seed \(seed)")
                actor.id = ""
                actor.phase = .outside
            }
        case .joining, .syncing: break
        }
    }
}
