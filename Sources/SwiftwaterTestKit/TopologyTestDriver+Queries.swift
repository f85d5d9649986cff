public import Swiftwater

extension TopologyTestDriver: InteractiveQueries {
    /// Asks a store as a running application is asked: every store has partition 0, is active and committed with each record.
    ///
    /// - Throws: ``StreamsError``: `unknownStateStore`, or `invalidStateStore` if the store is of another kind.
    public func query<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        _ options: QueryOptions
    ) throws -> StateQueryResult<Answer> {
        let place = try queries.place(of: store.name)
        let copy = DriverCopy(backend: try backend(ofStore: store.name))
        return try queries.answer(store, query, options, at: place, partitionCount: 1, copies: [0: copy])
    }
}

/// The stores of a driver's task.
private struct DriverCopy: StoreCopy {
    let backend: InMemoryStateBackend
    var isActive: Bool { true }

    func read<Answer>(_ store: Int, _ body: (any StateReading, Position) throws -> Answer) throws -> Answer {
        try body(backend, Position(next: backend.checkpoint().inputOffsets))
    }
}
