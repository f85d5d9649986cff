import Testing

@testable import SwiftwaterBroker

@Suite struct GroupTests {
    @Test func `a lone member leads generation 1 and gets what it assigned itself`() {
        var scene = GroupScene()
        let join = scene.join(GroupScene.request(client: "app"))
        let answer = scene.joins[join]
        #expect(answer?.error == ErrorCode.none)
        #expect(answer?.generation == 1)
        #expect(answer?.memberID == "app-1")
        #expect(answer?.leader == "app-1")
        #expect(answer?.protocolName == "range")
        #expect(answer?.members == [.init(id: "app-1", instanceID: nil, metadata: [1])])
        #expect(scene.group.state == .completingRebalance)
        let sync = scene.sync("app-1", ["app-1": [7]])
        #expect(scene.syncs[sync]?.assignment == [7])
        #expect(scene.group.state == .stable)
    }

    @Test func `a second member makes the first join again, and both get the same generation`() {
        var scene = GroupScene()
        let first = scene.settle(1)[0]
        let late = scene.join(GroupScene.request())
        #expect(scene.joins[late] == nil)
        #expect(scene.beat(first) == .rebalanceInProgress)
        let again = scene.join(GroupScene.request(first))
        let (leader, follower) = (scene.joins[again], scene.joins[late])
        #expect(leader?.generation == 2 && follower?.generation == 2)
        #expect(leader?.members.count == 2)
        #expect(follower?.members == [])
        #expect(follower?.leader == first)
        let second = follower!.memberID
        let waiting = scene.sync(second)
        #expect(scene.syncs[waiting] == nil)
        let lead = scene.sync(first, [first: [1], second: [2], "stranger": [3]])
        #expect(scene.syncs[lead]?.assignment == [1])
        #expect(scene.syncs[waiting]?.assignment == [2])
        #expect(scene.beat(second) == .none)
    }

    @Test func `from JoinGroup 4 on a newcomer is given its id first, and the id expires`() {
        var scene = GroupScene()
        let first = scene.join(GroupScene.request(known: true))
        #expect(scene.joins[first]?.error == .memberIDRequired)
        let id = scene.joins[first]!.memberID
        let second = scene.join(GroupScene.request(id, known: true))
        #expect(scene.joins[second]?.error == ErrorCode.none)
        let other = scene.joins[scene.join(GroupScene.request(known: true))]!.memberID
        scene.pass(.seconds(11))
        #expect(scene.joins[scene.join(GroupScene.request(other, known: true))]?.error == .unknownMemberID)
    }

    @Test func `a rebalance waits for an id that was given out, until the session time-out`() {
        var scene = GroupScene()
        let first = scene.settle(1)[0]
        _ = scene.join(GroupScene.request(known: true))
        let again = scene.join(GroupScene.request(first))
        #expect(scene.joins[again] == nil)
        scene.pass(.milliseconds(9900))
        #expect(scene.joins[again] == nil)
        scene.pass(.milliseconds(200))
        #expect(scene.joins[again]?.generation == 2)
    }

    @Test func `whoever does not join again within the rebalance time-out is removed, though it heartbeats`() {
        var scene = GroupScene()
        let ids = scene.settle(2)
        let generation = scene.group.generation
        let again = scene.join(GroupScene.request(ids[0]))
        for _ in 0..<13 {
            scene.pass(.seconds(5))
            _ = scene.beat(ids[1], generation: generation)
        }
        #expect(scene.joins[again]?.generation == generation + 1)
        #expect(Set(scene.group.members.keys) == [ids[0]])
        #expect(scene.beat(ids[1]) == .unknownMemberID)
    }

    @Test func `the leader's silence ends its session and another leads`() {
        var scene = GroupScene()
        let ids = scene.settle(2)
        scene.pass(.seconds(9))
        #expect(scene.beat(ids[1]) == .none)
        scene.pass(.seconds(2))
        #expect(scene.beat(ids[1]) == .rebalanceInProgress)
        let again = scene.join(GroupScene.request(ids[1]))
        #expect(scene.joins[again]?.leader == ids[1])
        #expect(scene.joins[again]?.members.map(\.id) == [ids[1]])
    }

    @Test func `a follower that joins a stable group unchanged disturbs nobody, the leader does`() {
        var scene = GroupScene()
        let ids = scene.settle(2)
        let generation = scene.group.generation
        let follower = scene.join(GroupScene.request(ids[1]))
        #expect(scene.joins[follower]?.generation == generation)
        #expect(scene.group.state == .stable)
        #expect(scene.syncs[scene.sync(ids[1])]?.assignment == [1])
        let changed = GroupScene.request(ids[1], protocols: [GroupProtocol(name: "range", metadata: [9])])
        _ = scene.join(changed)
        #expect(scene.group.state == .preparingRebalance)

        var other = GroupScene()
        let others = other.settle(2)
        _ = other.join(GroupScene.request(others[0]))
        #expect(other.group.state == .preparingRebalance)
    }

    @Test func `a lost answer to JoinGroup is given again while the assignment is awaited`() {
        var scene = GroupScene()
        let id = scene.joins[scene.join(GroupScene.request())]!.memberID
        let again = scene.join(GroupScene.request(id))
        #expect(scene.joins[again]?.generation == 1)
        #expect(scene.joins[again]?.members.count == 1)
    }

    @Test func `the protocol is one that all support and most prefer`() {
        func both(_ names: String...) -> [GroupProtocol] { names.map { GroupProtocol(name: $0, metadata: []) } }
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let joins = [
            scene.join(GroupScene.request(protocols: both("range", "roundrobin"))),
            scene.join(GroupScene.request(protocols: both("roundrobin", "range"))),
            scene.join(GroupScene.request(protocols: both("sticky", "roundrobin", "range"))),
        ]
        let alien = scene.join(GroupScene.request(protocols: both("sticky")))
        #expect(scene.joins[alien]?.error == .inconsistentGroupProtocol)
        let connect = scene.join(GroupScene.request(type: "connect", protocols: both("range")))
        #expect(scene.joins[connect]?.error == .inconsistentGroupProtocol)
        scene.pass(.seconds(1))
        for join in joins { #expect(scene.joins[join]?.protocolName == "roundrobin") }
    }

    @Test func `an empty group waits the initial delay, longer for each newcomer, in one generation`() {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let first = scene.join(GroupScene.request())
        scene.pass(.milliseconds(90))
        let second = scene.join(GroupScene.request())
        scene.pass(.milliseconds(90))
        #expect(scene.joins.isEmpty)
        scene.pass(.milliseconds(20))
        #expect(scene.joins[first]?.generation == 1)
        #expect(scene.joins[second]?.generation == 1)
        #expect(scene.joins[first]?.members.count == 2)
    }

    @Test func `bad joins are refused without a trace`() {
        var scene = GroupScene {
            $0.maximumSize = 2; $0.maximumMemberMetadata = 100
        }
        func error(_ request: JoinRequest) -> ErrorCode? { scene.joins[scene.join(request)]?.error }
        #expect(error(GroupScene.request(session: .milliseconds(1))) == .invalidSessionTimeout)
        #expect(error(GroupScene.request(session: .seconds(3600))) == .invalidSessionTimeout)
        #expect(error(GroupScene.request(protocols: [])) == .inconsistentGroupProtocol)
        #expect(error(GroupScene.request(type: "")) == .inconsistentGroupProtocol)
        let large = GroupProtocol(name: "range", metadata: Array(repeating: 0, count: 101))
        #expect(error(GroupScene.request(protocols: [large])) == .invalidRequest)
        #expect(error(GroupScene.request("c-unheard-of")) == .unknownMemberID)
        #expect(scene.group.isDisposable(now: .zero))
        #expect(error(GroupScene.request(known: true)) == .memberIDRequired)
        #expect(error(GroupScene.request(known: true)) == .memberIDRequired)
        #expect(error(GroupScene.request(known: true)) == .groupMaxSizeReached)
        #expect(error(GroupScene.request()) == .groupMaxSizeReached)
    }

    @Test func `identity and generation are checked by every request`() {
        var scene = GroupScene()
        let id = scene.settle(1)[0]
        #expect(scene.beat("x") == .unknownMemberID)
        #expect(scene.beat(id, generation: 0) == .illegalGeneration)
        #expect(scene.syncs[scene.sync("x")]?.error == .unknownMemberID)
        #expect(scene.syncs[scene.sync(id, generation: 0)]?.error == .illegalGeneration)
        #expect(scene.syncs[scene.sync(id, type: "connect")]?.error == .inconsistentGroupProtocol)
        #expect(scene.syncs[scene.sync(id, name: "sticky")]?.error == .inconsistentGroupProtocol)
        #expect(scene.syncs[scene.sync(id, type: "consumer", name: "range")]?.error == ErrorCode.none)
        #expect(scene.leave("x") == .unknownMemberID)
        #expect(scene.commit("x") == .unknownMemberID)
        #expect(scene.commit(id, generation: 0) == .illegalGeneration)
    }

    @Test func `a commit is refused while a rebalance is completed, and only then`() {
        var scene = GroupScene()
        #expect(scene.commit("", generation: -1) == .none)
        let id = scene.settle(1)[0]
        #expect(scene.commit(id) == .none)
        #expect(scene.commit("", generation: -1) == .unknownMemberID)
        #expect(scene.commit(id, generation: -1) == .illegalGeneration)
        let second = scene.join(GroupScene.request())
        #expect(scene.group.state == .preparingRebalance)
        #expect(scene.commit(id) == .none)
        _ = scene.join(GroupScene.request(id))
        #expect(scene.group.state == .completingRebalance)
        #expect(scene.commit(id) == .rebalanceInProgress)
        #expect(scene.commit(scene.joins[second]!.memberID) == .rebalanceInProgress)
        #expect(scene.beat(id) == .none)
    }

    @Test func `the last one's leaving empties the group at once`() {
        var scene = GroupScene()
        let ids = scene.settle(2)
        #expect(scene.leave(ids[0]) == .none)
        #expect(scene.group.state == .preparingRebalance)
        #expect(scene.leave(ids[1]) == .none)
        #expect(scene.group.state == .empty)
        #expect(scene.commit("", generation: -1) == .none)
        #expect(!scene.group.isDisposable(now: scene.now))
        #expect(scene.group.isDisposable(now: scene.now + .seconds(600)))
    }

    @Test func `members that never ask for their assignment lose their place, and the held ones are answered`() {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let first = scene.join(GroupScene.request(rebalance: .seconds(5)))
        let second = scene.join(GroupScene.request(rebalance: .seconds(5)))
        scene.pass(.seconds(1))
        let leader = scene.joins[first]!.memberID
        let waiting = scene.sync(scene.joins[second]!.memberID)
        for _ in 0..<6 {
            scene.pass(.seconds(1))
            _ = scene.beat(leader)
        }
        #expect(scene.syncs[waiting]?.error == .rebalanceInProgress)
        #expect(scene.group.members[leader] == nil)
    }

    @Test func `a follower that waited for longer than its session, for a leader that died, is not thrown out with it`()
    {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let first = scene.join(GroupScene.request(session: .seconds(20)))
        let second = scene.join(GroupScene.request(session: .seconds(6)))
        scene.pass(.seconds(1))
        let follower = scene.joins[second]?.memberID ?? ""
        let waiting = scene.sync(follower)
        scene.pass(.seconds(20))
        #expect(scene.joins[first]?.memberID != scene.group.leader)
        #expect(scene.syncs[waiting]?.error == .rebalanceInProgress)
        #expect(scene.joins[scene.join(GroupScene.request(follower, session: .seconds(6)))]?.generation == 2)
    }

    @Test func `an oversized assignment fails for all and starts over`() {
        var scene = GroupScene { $0.maximumMemberMetadata = 100 }
        let id = scene.joins[scene.join(GroupScene.request())]!.memberID
        let sync = scene.sync(id, [id: Array(repeating: 0, count: 101)])
        #expect(scene.syncs[sync]?.error == .unknownServerError)
        #expect(scene.group.state == .preparingRebalance)
    }

    @Test func `the description tells metadata and assignment in the stable state only`() {
        var scene = GroupScene()
        let id = scene.settle(1)[0]
        let stable = scene.group.description
        #expect(stable.state.rawValue == "Stable")
        #expect(stable.protocolName == "range")
        #expect(stable.members.map(\.assignment) == [[0]])
        #expect(stable.members.map(\.metadata) == [[1]])
        #expect(stable.members.map(\.clientID) == ["c"])
        _ = scene.join(GroupScene.request())
        let unstable = scene.group.description
        #expect(unstable.state.rawValue == "PreparingRebalance")
        #expect(unstable.members.first?.id == id)
        #expect(unstable.members.allSatisfy { $0.assignment.isEmpty && $0.metadata.isEmpty })
    }
}
