/// Which partitions answer a query, and how fresh they must be; the counterpart of `StateQueryRequest`.
public struct QueryOptions: Sendable, Hashable {
    /// The partitions to ask; nil asks the one of the query's key, or all that are here.
    public var partitions: Set<Int32>?
    /// Whether a copy may answer that is behind: a task that restores, or that a rebalance has suspended (`enableStaleStores`).
    ///
    /// Kafka Streams' `StateQueryRequest` allows it unless told otherwise; ours asks for it.
    public var includesStale: Bool
    /// What the answer must have the effects of at least (`withPositionBound`).
    public var atLeast: Position

    /// Options with Kafka Streams' defaults for stores: the active copy, of whatever it has committed.
    public init(partitions: Set<Int32>? = nil, includesStale: Bool = false, atLeast: Position = Position()) {
        self.partitions = partitions
        self.includesStale = includesStale
        self.atLeast = atLeast
    }
}
