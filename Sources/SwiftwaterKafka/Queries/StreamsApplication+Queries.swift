public import Swiftwater

extension StreamsApplication: InteractiveQueries {
    /// Asks the partitions that this process has; from any thread, at any time between start and stop.
    ///
    /// It blocks for as long as the reading takes, and neither the stream threads nor other queries.
    ///
    /// - Throws: ``StreamsError``: `unknownStateStore`, `invalidStateStore` if the store is of another kind, `streamsNotStarted`,
    ///   `streamsStopped`, or `stateStoreNotAvailable` while the application starts.
    public func query<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        _ options: QueryOptions
    ) throws -> StateQueryResult<Answer> {
        let queries = StoreQueries(topology, applicationID: configuration.applicationID)
        let place = try queries.place(of: store.name)
        try requireQueryable(store.name)
        guard let partitions = partitions(at: place) else {
            throw StreamsError(
                .stateStoreNotAvailable, "the application is starting: ask again", at: .init(store: store.name))
        }
        return try queries.answer(
            store, query, options, at: place, partitionCount: partitions.count, copies: partitions.copies)
    }

    /// How many partitions a store has, and those that are here; nil before anything is known of them.
    private func partitions(at place: StoreQueries.Place) -> (count: Int32, copies: [Int32: LocalCopy])? {
        if let subtopology = place.subtopology { return stores.partitions(of: subtopology) }
        // Every instance has all of a global table, as its one partition.
        guard let copy = stores.globalCopy else { return nil }
        return (1, [0: copy])
    }

    func requireQueryable(_ store: String? = nil) throws {
        switch state {
        case .created:
            throw StreamsError(
                .streamsNotStarted, "\(self) was not started: start it before its stores are asked",
                at: .init(store: store))
        case .stopping, .stopped, .failed:
            throw StreamsError(
                .streamsStopped, "\(self) is \(state): its stores are not open any more", at: .init(store: store))
        case .rebalancing, .waitingForPeers, .running: break
        }
    }
}
