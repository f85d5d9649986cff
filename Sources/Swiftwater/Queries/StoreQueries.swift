/// Answers queries from the copies that are here: what an application and a test driver have in common.
package struct StoreQueries {
    private let topology: Topology
    private let applicationID: String

    package init(_ topology: Topology, applicationID: String) {
        self.topology = topology
        self.applicationID = applicationID
    }

    /// A store of the topology: the sub-topology whose tasks have it, and its number there; nil for all the stores of global tables.
    package struct Place {
        package var subtopology: Int?
        package var index: Int
        package var definition: StoreDefinition
    }

    /// - Throws: `unknownStateStore`.
    package func place(of name: String) throws -> Place {
        for part in topology.subtopologies {
            if let index = part.stores.firstIndex(where: { $0.name == name }) {
                return Place(subtopology: part.id, index: index, definition: part.stores[index])
            }
        }
        let global = topology.globalStores
        if let index = global.firstIndex(where: { $0.name == name }) {
            return Place(subtopology: nil, index: index, definition: global[index])
        }
        let known = (topology.subtopologies.flatMap(\.stores) + global).map(\.name).sorted()
        throw StreamsError(
            .unknownStateStore,
            "the topology has no store of this name; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))",
            at: .init(store: name)
        )
    }

    /// Asks the copies of a store.
    ///
    /// - Parameters:
    ///   - partitionCount: how many partitions the store has, here and elsewhere.
    ///   - copies: those that are here, by partition.
    package func answer<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        _ options: QueryOptions,
        at place: Place,
        partitionCount: Int32,
        copies: [Int32: any StoreCopy]
    ) throws -> StateQueryResult<Answer> {
        // The wrong kind is the fault of the query as a whole, whether or not a partition is here.
        try store.check(place.definition)
        let asked: Set<Int32>
        if let partitions = options.partitions {
            asked = partitions
        } else if let key = query.key, let partition = try store.partition(of: key, count: partitionCount) {
            asked = [partition]
        } else {
            asked = Set(copies.keys)
        }
        return StateQueryResult(
            asked.map { partition in
                guard (0..<partitionCount).contains(partition) else {
                    return failed(
                        .doesNotExist, "the store has the partitions 0 to \(partitionCount - 1)", store.name, partition)
                }
                guard let copy = copies[partition] else {
                    return failed(.notPresent, "another instance has the partition: ask there", store.name, partition)
                }
                return answer(store, query, options, at: place, partition, copy)
            })
    }

    private func answer<View, Answer>(
        _ store: QueryableStore<View>,
        _ query: StateQuery<View, Answer>,
        _ options: QueryOptions,
        at place: Place,
        _ partition: Int32,
        _ copy: any StoreCopy
    ) -> StateQueryResult<Answer>.Partition {
        guard copy.isActive || options.includesStale else {
            return failed(
                .notActive,
                "the partition restores, or a rebalance has suspended it: ask again, or include stale copies",
                store.name, partition)
        }
        do {
            return try copy.read(place.index) { state, position in
                guard position.hasReached(options.atLeast, in: place.subtopology == nil ? nil : partition) else {
                    return failed(
                        .notUpToBound, "the partition is at \(position), \(options.atLeast) was asked for: ask again",
                        store.name, partition)
                }
                let bytes = KeyValueBytesStore(definition: place.definition, index: place.index, backend: state)
                let view = store.view(bytes, applicationID)
                return .init(
                    partition: partition, isActive: copy.isActive, position: position,
                    outcome: .success(try query.ask(view)))
            }
        } catch let error as StreamsError where error.code == .stateStoreMigrated {
            return failed(.notPresent, "the partition has just gone to another instance", store.name, partition, error)
        } catch {
            return failed(.storeException, "the store could not be read", store.name, partition, error)
        }
    }

    private func failed<Answer>(
        _ reason: QueryFailure.Reason,
        _ message: String,
        _ store: String,
        _ partition: Int32,
        _ cause: (any Error)? = nil
    ) -> StateQueryResult<Answer>.Partition {
        .init(
            partition: partition, isActive: false, position: Position(),
            outcome: .failure(QueryFailure(reason, message, store: store, partition: partition, cause: cause)))
    }
}
