/// The states of a classic consumer group, named on the wire as Apache Kafka names them.
enum GroupState: String, Sendable, CaseIterable {
    /// No members; perhaps committed offsets.
    case empty = "Empty"
    /// Members are asked to join again, by the heartbeat's answer.
    case preparingRebalance = "PreparingRebalance"
    /// All have joined; the leader's assignment is awaited.
    case completingRebalance = "CompletingRebalance"
    /// Every member has, or can ask for, its assignment.
    case stable = "Stable"
    /// What the description of a group that does not exist says.
    case dead = "Dead"
}
