import Testing

@testable import SwiftwaterBroker

@Suite struct GroupOffsetsTests {
    private func at(_ offset: Int64) -> CommittedOffset {
        CommittedOffset(offset: offset, leaderEpoch: 3, metadata: "m", timestamp: 5)
    }

    @Test func `an offset in a transaction is unstable until its end makes it the committed one`() {
        var offsets = GroupOffsets()
        offsets.commit(at(1), topic: "t", partition: 0)
        offsets.stage(at(2), topic: "t", partition: 0, producerID: 9)
        offsets.stage(at(7), topic: "t", partition: 1, producerID: 8)
        #expect(offsets["t", 0] == at(1))
        #expect(offsets.isPending("t", 0))
        offsets.endTransaction(producerID: 9, committing: true)
        #expect(offsets["t", 0] == at(2))
        #expect(!offsets.isPending("t", 0))
        offsets.endTransaction(producerID: 8, committing: false)
        #expect(offsets["t", 1] == nil)
    }

    @Test func `a plain commit that came after the transactional one stays`() {
        var offsets = GroupOffsets()
        offsets.stage(at(2), topic: "t", partition: 0, producerID: 9)
        offsets.commit(at(5), topic: "t", partition: 0)
        offsets.endTransaction(producerID: 9, committing: true)
        #expect(offsets["t", 0] == at(5))
    }

    @Test func `the records of a compaction give the same answers, the order included`() {
        var offsets = GroupOffsets()
        offsets.commit(at(1), topic: "t", partition: 1)
        offsets.stage(at(2), topic: "t", partition: 0, producerID: 9)
        offsets.commit(at(5), topic: "t", partition: 0)
        offsets.stage(at(6), topic: "t", partition: 1, producerID: 9)
        var groups: [String: Group] = [:]
        for record in offsets.records(group: "g") { record.apply(to: &groups, configuration: GroupConfiguration()) }
        var copy = groups["g"]!.offsets
        #expect(copy.all == offsets.all)
        #expect(copy.isPending("t", 0) && copy.isPending("t", 1))
        copy.endTransaction(producerID: 9, committing: true)
        #expect(copy["t", 0] == at(5))
        #expect(copy["t", 1] == at(6))
    }

    @Test func `a topic's end takes its offsets, those in transactions too`() {
        var offsets = GroupOffsets()
        offsets.commit(at(1), topic: "t", partition: 0)
        offsets.stage(at(2), topic: "t", partition: 0, producerID: 9)
        offsets.removeTopic("t")
        #expect(offsets.isEmpty)
    }
}
