import Testing

@testable import SwiftwaterBroker

@Suite struct StaticMemberTests {
    /// Two static members, "a" leading "b", stable.
    private func stable() -> (GroupScene, a: String, b: String) {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let joins = ["a", "b"].map { scene.join(GroupScene.request(instance: $0, known: true)) }
        scene.pass(.milliseconds(300))
        let ids = joins.map { scene.joins[$0]?.memberID ?? "" }
        _ = scene.sync(ids[1], instance: "b")
        _ = scene.sync(ids[0], instance: "a", [ids[0]: [10], ids[1]: [20]])
        #expect(scene.group.state == .stable)
        return (scene, ids[0], ids[1])
    }

    @Test func `a static member that comes back keeps its assignment, without a rebalance, and fences the old`() {
        var (scene, _, b) = stable()
        let back = scene.join(GroupScene.request(instance: "b", client: "new", known: true))
        let answer = scene.joins[back]
        #expect(answer?.error == ErrorCode.none)
        #expect(answer?.generation == 1)
        let id = answer!.memberID
        #expect(id != b)
        #expect(scene.group.state == .stable)
        #expect(scene.syncs[scene.sync(id, instance: "b")]?.assignment == [20])
        #expect(scene.beat(b, instance: "b") == .fencedInstanceID)
        #expect(scene.beat(id, instance: "b") == .none)
        #expect(scene.beat("x", instance: "z") == .unknownMemberID)
        #expect(scene.group.members[id]?.clientID == "new")
    }

    @Test func `a returning static leader does not lead at once, unless it can be told to skip`() {
        var (scene, a, _) = stable()
        let old = scene.joins[scene.join(GroupScene.request(instance: "a", known: true))]!
        #expect(old.leader == a && old.memberID != a && old.members.isEmpty)
        let new = scene.joins[scene.join(GroupScene.request(instance: "a", known: true, skip: true))]!
        #expect(new.leader == new.memberID && new.skipAssignment && new.members.count == 2)
    }

    @Test func `a static member's return while the assignment is awaited starts over`() {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let join = scene.join(GroupScene.request(instance: "a"))
        scene.pass(.milliseconds(300))
        #expect(scene.joins[join]?.generation == 1)
        let back = scene.join(GroupScene.request(instance: "a"))
        #expect(scene.joins[back]?.generation == 2)
        #expect(scene.group.members.count == 1)
    }

    @Test func `two with one instance id: the held request of the first is fenced`() {
        var scene = GroupScene(initialDelay: .milliseconds(100))
        let first = scene.join(GroupScene.request(instance: "a"))
        let second = scene.join(GroupScene.request(instance: "a"))
        #expect(scene.joins[first]?.error == .fencedInstanceID)
        scene.pass(.milliseconds(300))
        #expect(scene.joins[second]?.generation == 1)
    }

    @Test func `a static member may be away for a session, also through a rebalance`() {
        var (scene, a, b) = stable()
        _ = scene.join(GroupScene.request(a, instance: "a", rebalance: .seconds(3)))
        // b's rebalance time-out is 60 s and its session 10 s, so its session ends first.
        scene.pass(.seconds(9))
        #expect(scene.group.members[b] != nil)
        scene.pass(.seconds(2))
        #expect(scene.group.members[b] == nil)
        #expect(scene.group.generation == 2)
    }

    @Test func `an administrator removes a static member by its instance id`() {
        var (scene, _, b) = stable()
        #expect(scene.leave("", instance: "nobody") == .unknownMemberID)
        #expect(scene.leave("x", instance: "b") == .fencedInstanceID)
        #expect(scene.leave("", instance: "b") == .none)
        #expect(scene.group.members[b] == nil)
    }
}
