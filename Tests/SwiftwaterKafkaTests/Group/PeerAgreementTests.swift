import Testing

@testable import RDKafka
@testable import SwiftwaterKafka

struct PeerAgreementTests {
    private func group(_ plans: [UInt64], state: GroupState = .stable) -> GroupDescription {
        let members = plans.enumerated().map { index, plan in
            let id = ClientID(applicationID: "a", processID: "p", thread: index, endpoint: "", planHash: plan)
            return member(id.description, id: "m-\(index)")
        }
        return GroupDescription(groupID: "a", state: state, isSimple: false, assignor: "roundrobin", members: members)
    }

    private func member(_ clientID: String, id: String) -> GroupDescription.Member {
        GroupDescription.Member(memberID: id, clientID: clientID, host: "", assignment: [])
    }

    @Test func `members with one plan agree`() {
        let agreement = PeerAgreement(own: 7)
        #expect(agreement.verdict(on: group([7, 7, 7]), memberID: "m-0", hasPatience: true) == .agreed)
    }

    @Test func `nothing is agreed before the group is stable`() {
        let agreement = PeerAgreement(own: 7)
        #expect(
            agreement.verdict(on: group([7], state: .preparingRebalance), memberID: "m-0", hasPatience: true) == .wait)
        #expect(
            agreement.verdict(on: group([7], state: .completingRebalance), memberID: "m-0", hasPatience: false) == .wait
        )
    }

    @Test func `a member that is not in the group any more agrees with nobody`() {
        #expect(PeerAgreement(own: 7).verdict(on: group([7, 7]), memberID: "m-2", hasPatience: true) == .wait)
        #expect(PeerAgreement(own: 7).verdict(on: group([]), memberID: "m-0", hasPatience: true) == .wait)
    }

    @Test func `who has processed stays, a newcomer with another plan leaves`() {
        var old = PeerAgreement(own: 9)
        old.isEstablished = true
        #expect(old.verdict(on: group([9, 3]), memberID: "m-0", hasPatience: false) == .wait)
        #expect(PeerAgreement(own: 9).verdict(on: group([9, 3]), memberID: "m-0", hasPatience: true) == .leave([3]))
    }

    @Test func `of newcomers that meet the lowest plan waits, and no longer than its patience`() {
        #expect(PeerAgreement(own: 3).verdict(on: group([9, 3]), memberID: "m-0", hasPatience: true) == .wait)
        #expect(PeerAgreement(own: 3).verdict(on: group([9, 3]), memberID: "m-0", hasPatience: false) == .leave([9]))
    }

    @Test func `a member that is none of ours is another plan`() {
        var strangers = group([7])
        strangers.members.append(member("kafka-console-consumer", id: "stranger"))
        #expect(PeerAgreement(own: 7).differentPlans(in: strangers) == [0])
        #expect(PeerAgreement(own: 7).verdict(on: strangers, memberID: "m-0", hasPatience: false) == .leave([0]))
    }
}
