import Testing

@testable import SwiftwaterBroker

/// Which members may put offsets into a transaction.
@Suite struct GroupTransactionTests {
    private func admit(
        _ scene: inout GroupScene, _ memberID: String = "", instance: String? = nil, generation: Int32
    ) -> ErrorCode {
        scene.group.admitTransactionalCommit(
            memberID: memberID, instanceID: instance, generation: generation, now: scene.now)
    }

    @Test func `a member of this generation may, others are told what they are`() {
        var scene = GroupScene()
        let member = scene.settle(1)[0]
        let generation = scene.group.generation
        #expect(admit(&scene, member, generation: generation) == .none)
        #expect(admit(&scene, member, generation: generation - 1) == .illegalGeneration)
        #expect(admit(&scene, member, generation: generation + 1) == .illegalGeneration)
        #expect(admit(&scene, "stranger", generation: generation) == .unknownMemberID)
        #expect(admit(&scene, generation: generation) == .unknownMemberID)
        #expect(admit(&scene, member, generation: -1) == .illegalGeneration)
    }

    @Test func `without member and generation anybody may, also beside members`() {
        var scene = GroupScene()
        #expect(admit(&scene, generation: -1) == .none)
        _ = scene.settle(1)
        #expect(admit(&scene, generation: -1) == .none)
        #expect(scene.commit("", generation: -1) == .unknownMemberID)
    }

    @Test func `a rebalance that completes does not hold up a member's transaction, as it does its plain commit`() {
        var scene = GroupScene()
        let held = scene.join(GroupScene.request())
        let member = scene.joins[held]?.memberID ?? ""
        #expect(scene.group.state == .completingRebalance)
        #expect(scene.commit(member) == .rebalanceInProgress)
        let generation = scene.group.generation
        #expect(admit(&scene, member, generation: generation) == .none)
    }

    @Test func `the predecessor of a static member is fenced`() {
        var scene = GroupScene()
        let first = scene.join(GroupScene.request(instance: "i"))
        let predecessor = scene.joins[first]?.memberID ?? ""
        _ = scene.sync(predecessor, instance: "i", [predecessor: [1]])
        let second = scene.join(GroupScene.request(instance: "i"))
        let successor = scene.joins[second]?.memberID ?? ""
        let generation = scene.group.generation
        #expect(admit(&scene, predecessor, instance: "i", generation: generation) == .fencedInstanceID)
        #expect(admit(&scene, successor, instance: "i", generation: generation) == .none)
        #expect(admit(&scene, successor, instance: "j", generation: generation) == .unknownMemberID)
    }

    @Test func `a commit that comes behind the end of its transaction stages nothing`() async throws {
        let scene = try await TransactionScene()
        let producer = Transaction.Producer(id: 7, epoch: 0)
        await scene.groups.beginTransaction(of: producer, in: "g")
        #expect(await scene.groups.endTransaction(of: 7, in: "g", committing: true))
        var writer = ProtocolWriter(isFlexible: true)
        writer.string("x")
        writer.string("g")
        writer.int64(7)
        writer.int16(0)
        writer.int32(-1)
        writer.string("")
        writer.nullableString(nil)
        writer.array(["in"]) { writer, topic in
            writer.string(topic)
            writer.array([Int32(0)]) { writer, index in
                writer.int32(index)
                writer.int64(5)
                writer.int32(0)
                writer.nullableString(nil)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
        var reader = ProtocolReader(writer.buffer, isFlexible: true)
        let request = try TransactionOffsetCommitRequest(from: &reader, version: 3)
        let answer = await scene.groups.stage(request)
        #expect(answer.topics[0].partitions[0].error == .coordinatorLoadInProgress)
        #expect(try await scene.committedOffset() == .init(offset: -1, error: .none))
        await scene.remove()
    }
}
