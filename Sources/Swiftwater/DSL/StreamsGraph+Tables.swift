extension StreamsGraph {
    /// Adds the node of a table, which is kept in its store if that was asked for, and tells old values if those were.
    ///
    /// - Parameters:
    ///   - store: the store that is meant for the table; nil for one that is never kept.
    ///   - others: stores that the node uses beside it.
    ///   - stored: makes the running node that writes the store.
    ///   - unstored: makes the running node that keeps nothing.
    @inlinable
    func addTable<InKey, Input, Key, Value>(
        _ name: String,
        after upstreams: [Upstream<InKey, Input>],
        store: TableStore<Key, Value>?,
        _ demand: TableDemand,
        others: [String] = [],
        stored:
            @escaping @Sendable (
                TaskAssembly, TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>
            ) throws -> Receiver<InKey, Input>,
        unstored:
            @escaping @Sendable (
                TaskAssembly, Outlet<Key, Change<Value>>, _ sendsOldValues: Bool
            ) throws -> Receiver<InKey, Input>
    ) -> Upstream<Key, Change<Value>> {
        addTable(name, after: upstreams.map(\.node), store?.definition, demand, others) {
            assembly, isStored, sendsOldValues in
            let outlet: Outlet<Key, Change<Value>> = try assembly.outlet(of: name)
            let receiver: Receiver<InKey, Input>
            if isStored, let store {
                let (typed, changes) = try store.open(assembly, outlet: outlet, sendsOldValues: sendsOldValues)
                receiver = try stored(assembly, typed, changes)
            } else {
                receiver = try unstored(assembly, outlet, sendsOldValues)
            }
            for upstream in upstreams { try upstream.connect(assembly, receiver) }
        }
        return Upstream(node: name)
    }

    @usableFromInline
    func addTable(
        _ name: String,
        after parents: [String],
        _ store: StoreDefinition?,
        _ demand: TableDemand,
        _ others: [String],
        _ assemble: @escaping @Sendable (TaskAssembly, _ isStored: Bool, _ sendsOldValues: Bool) throws -> Void
    ) {
        add { writer in
            let kept = demand.isStored ? store : nil
            let isStored = kept != nil
            let sendsOldValues = demand.sendsOldValues
            if let kept { try writer.add(kept) }
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .processor(stores: (kept.map { [$0.name] } ?? []) + others),
                    parents: parents
                ) { assembly in try assemble(assembly, isStored, sendsOldValues) }
            )
        }
    }
}
