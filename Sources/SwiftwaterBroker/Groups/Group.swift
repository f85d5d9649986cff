// One classic consumer group, as a state machine: events in, actions out, the time is an argument.
//
//                       all joined, or                the leader's
//            a member   the time-out   Completing-    assignment
//   Empty ----------> Preparing- -----> Rebalance ----------------> Stable
//     ^               Rebalance            |                          |
//     |                 ^  |               |  a member comes, goes    |
//     +-----------------+  +<--------------+  or changes its mind     |
//        nobody is left    +<-----------------------------------------+
//
// A JoinGroup is held until its generation begins, a SyncGroup until the leader has sent the assignment; each held request is a
// `HeldRequest` in its member and is answered by exactly one action. Nothing waits without a deadline: newcomers (5 minutes), silent
// members (session time-out), ids that were given out but not used (session time-out), a rebalance and members that do not ask for
// their assignment (rebalance time-out). `nextDeadline` is the earliest of them and `tick` acts on all that have passed.
//
// The rules are those of Apache Kafka's coordinator, including the odd ones: a commit is refused in CompletingRebalance only, a
// follower that joins a stable group again with the same subscription disturbs nobody, and the leader's doing so starts a rebalance.

struct Group: Sendable {
    /// A rebalance that waits for members.
    struct Rebalance: Equatable, Sendable {
        var deadline: Duration
        /// For a group that was empty: how long the wait may still be drawn out by newcomers. Such a wait ends by time only.
        var extendable: Duration?
        var hasNewcomer = false
    }

    /// Members of this generation that have not asked for their assignment yet.
    struct AwaitedSync: Equatable, Sendable {
        var deadline: Duration
        var members: Set<String>
    }

    let id: String
    let configuration: GroupConfiguration
    var state = GroupState.empty
    var generation: Int32
    var protocolType: String?
    var protocolName: String?
    var leader: String?
    var members: [String: GroupMember] = [:]
    /// Member id by instance id.
    var staticMembers: [String: String] = [:]
    /// Ids given out with MEMBER_ID_REQUIRED, and when they expire.
    var pendingMembers: [String: Duration] = [:]
    var rebalance: Rebalance?
    var awaitedSync: AwaitedSync?
    var offsets = GroupOffsets()
    /// When the group was last left without members.
    var vacantSince: Duration
    var arrivals = 0
    var actions: [GroupAction] = []

    init(
        id: String, configuration: GroupConfiguration, now: Duration, generation: Int32 = 0, protocolType: String? = nil
    ) {
        self.id = id
        self.configuration = configuration
        self.generation = generation
        self.protocolType = protocolType
        self.vacantSince = now
    }

    var membersInOrder: [GroupMember] { members.values.sorted { $0.order < $1.order } }

    /// Whether nothing would be lost if the group were forgotten.
    func isDisposable(now: Duration) -> Bool {
        state == .empty && members.isEmpty && pendingMembers.isEmpty && offsets.isEmpty
            && (generation == 0 || vacantSince + configuration.vacantGroupRetention <= now)
    }

    /// The time at which `tick` has something to do; nil if never.
    var nextDeadline: Duration? {
        var deadlines = members.values.lazy.filter(\.isWatched).map(\.deadline).min().map { [$0] } ?? []
        if let pending = pendingMembers.values.min() { deadlines.append(pending) }
        if let rebalance { deadlines.append(rebalance.deadline) }
        if let awaitedSync { deadlines.append(awaitedSync.deadline) }
        if deadlines.isEmpty, offsets.isEmpty { deadlines.append(vacantSince + configuration.vacantGroupRetention) }
        return deadlines.min()
    }

    /// Acts on every deadline that has passed.
    mutating func tick(now: Duration) -> [GroupAction] {
        for (id, deadline) in pendingMembers where deadline <= now {
            removePending(id, now: now)
        }
        for member in membersInOrder where member.isWatched && member.deadline <= now {
            // An earlier one's removal may have answered this one's request and so given it time.
            guard let current = members[member.id], current.isWatched, current.deadline <= now else { continue }
            expel(current.id, now: now)
        }
        if let awaitedSync, awaitedSync.deadline <= now { endAwaitedSync(now: now) }
        if let rebalance, rebalance.deadline <= now { endRebalanceWait(now: now) }
        return takeActions()
    }

    mutating func takeActions() -> [GroupAction] {
        defer { actions = [] }
        return actions
    }

    /// What is wrong with a request of a member, as far as its identity goes.
    func identityError(memberID: String, instanceID: String?) -> ErrorCode? {
        if let instanceID {
            guard let current = staticMembers[instanceID] else { return .unknownMemberID }
            if current != memberID { return .fencedInstanceID }
        }
        return members[memberID] == nil ? .unknownMemberID : nil
    }

    /// A sign of life. A new member has its own, longer deadline.
    mutating func extendSession(of memberID: String, now: Duration) {
        guard let member = members[memberID], !member.isNew else { return }
        members[memberID]?.deadline = now + member.sessionTimeout
    }
}
