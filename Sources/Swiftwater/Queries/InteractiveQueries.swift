/// Who answers queries: a running application for the partitions that it has, a test driver for all.
///
/// What answers is what was committed: the stores as their last commit left them (`READ_COMMITTED` of KIP-892). A record counts
/// once the commit after it is over, at most a commit interval after it was processed, and what a transaction takes back was never
/// seen. Answers are copies.
public protocol InteractiveQueries: AnyObject {
    /// Asks the partitions of a store; the counterpart of `KafkaStreams.query`.
    ///
    /// - Throws: ``StreamsError``: `unknownStateStore`, `invalidStateStore` if the store is of another kind, `streamsNotStarted` or
    ///   `streamsStopped`. What concerns one partition is in the result.
    func query<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        _ options: QueryOptions
    ) throws -> StateQueryResult<Answer>
}

extension InteractiveQueries {
    /// Asks the partitions of a store; the counterpart of `KafkaStreams.query`.
    ///
    /// - Parameters:
    ///   - store: the store, with the types that it is read as.
    ///   - query: what is asked.
    ///   - partitions: the partitions to ask; nil asks the one of the query's key, or all that are here.
    ///   - includingStale: whether a copy that restores or is suspended may answer.
    ///   - bound: what the answer must have the effects of at least.
    /// - Throws: ``StreamsError``: `unknownStateStore`, `invalidStateStore` if the store is of another kind, `streamsNotStarted` or
    ///   `streamsStopped`. What concerns one partition is in the result.
    public func query<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        partitions: Set<Int32>? = nil,
        includingStale: Bool = false,
        atLeast bound: Position = Position()
    ) throws -> StateQueryResult<Answer> {
        try self.query(
            store, query, QueryOptions(partitions: partitions, includesStale: includingStale, atLeast: bound))
    }

    /// The store to be read like a collection, over all partitions that are here; the counterpart of `KafkaStreams.store`.
    ///
    /// - Parameters:
    ///   - store: the store, with the types that it is read as.
    ///   - partition: the partition to read; nil reads all that are here.
    ///   - includingStale: whether copies that restore or are suspended are read too.
    public func store<View>(
        _ store: QueryableStore<View>,
        partition: Int32? = nil,
        includingStale: Bool = false
    ) -> LocalStore<View> {
        LocalStore(store, QueryOptions(partitions: partition.map { [$0] }, includesStale: includingStale), of: self)
    }
}
