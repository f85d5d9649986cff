/// Where a transactional id stands.
enum TransactionState: Int8, Sendable, CaseIterable {
    /// A producer has registered and has begun nothing yet.
    case empty = 0
    /// Partitions or groups take part.
    case ongoing
    /// Decided, and on its way into the partitions and groups.
    case prepareCommit
    case prepareAbort
    /// Every partition and group knows the end.
    case completeCommit
    case completeAbort

    var isPrepared: Bool { self == .prepareCommit || self == .prepareAbort }
}
