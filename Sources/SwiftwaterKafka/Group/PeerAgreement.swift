internal import RDKafka

/// Whether all members of the group follow the same plan; until they do, none processes a record (Design/Runtime.md).
///
/// The broker fences generations, not plans: two members with different leads would both own a task. Who has processed before
/// stays and waits; a newcomer with another plan leaves. Of newcomers that meet, the one with the lowest hash may stay for a
/// while, so that one of them is left.
struct PeerAgreement: Equatable {
    enum Verdict: Equatable {
        /// All members are in and follow our plan.
        case agreed
        /// The group is changing, or members with another plan are about to leave: ask again.
        case wait
        /// Leave the group until those with these plans are gone.
        case leave([UInt64])
    }

    let own: UInt64
    /// Whether this member has processed records under its plan.
    var isEstablished = false

    /// - Parameter patience: whether the member may wait for others to leave.
    func verdict(on group: GroupDescription, memberID: String, hasPatience: Bool) -> Verdict {
        // A member that was put out of the group does not know it yet: nothing is its own until it is in again.
        guard group.error == nil, group.state == .stable, group.members.contains(where: { $0.memberID == memberID })
        else { return .wait }
        let others = Self.plans(of: group).subtracting([own])
        if others.isEmpty { return .agreed }
        if isEstablished { return .wait }
        if hasPatience, let lowest = others.min(), own < lowest { return .wait }
        return .leave(others.sorted())
    }

    /// Before subscribing: the plans of those in the group that are not ours.
    func differentPlans(in group: GroupDescription) -> [UInt64] {
        Self.plans(of: group).subtracting([own]).sorted()
    }

    /// A member that is none of ours counts as a plan of its own, 0.
    private static func plans(of group: GroupDescription) -> Set<UInt64> {
        Set(group.members.map { ClientID($0.clientID)?.planHash ?? 0 })
    }
}
