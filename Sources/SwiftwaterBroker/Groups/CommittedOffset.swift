/// A position that a group has committed for a partition.
struct CommittedOffset: Equatable, Sendable {
    var offset: Int64
    /// -1 if the client did not know it.
    var leaderEpoch: Int32
    var metadata: String
    /// Milliseconds since 1970.
    var timestamp: Int64
}
