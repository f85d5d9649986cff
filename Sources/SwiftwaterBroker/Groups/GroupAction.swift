/// What a group asks of its shell after an event.
enum GroupAction: Equatable, Sendable {
    case answerJoin(HeldRequest, JoinAnswer)
    case answerSync(HeldRequest, SyncAnswer)
    /// A generation has begun: it is written down, so that numbers go on after a restart.
    case recordGeneration(Int32, protocolType: String)
    /// Every member has its assignment: they are written down, so that a restart disturbs nobody.
    case recordMembership(GroupMembership)
}
