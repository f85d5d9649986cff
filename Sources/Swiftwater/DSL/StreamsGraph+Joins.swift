extension StreamsGraph {
    /// Sends a side of a join whose keys may have changed through a topic.
    ///
    /// Without a name the topic is called after the stream, and all such joins of one stream share it.
    @inlinable
    func addJoinRepartition<InKey, Key, Value>(
        after upstream: Upstream<InKey, Value>,
        name: String?,
        key: Serde<Key>,
        value: Serde<Value>,
        narrow: @escaping @Sendable (InKey) -> Key?
    ) -> Upstream<Key, Value> {
        if name == nil, let shared: Upstream<Key, Value> = sharedJoinRepartition(after: upstream.node) {
            burnRepartitionNames()
            return shared
        }
        let repartition = addRepartition(
            after: upstream, prefix: name ?? upstream.node, key: key, value: value, narrow: narrow)
        if name == nil { shareJoinRepartition(repartition, after: upstream.node) }
        return repartition
    }

    /// Adds an operator that an optimisation may leave out: `isWritten` is asked when all before it have been written.
    func addNode(
        _ name: String,
        parents: [String],
        stores: [String] = [],
        defining: [StoreDefinition] = [],
        when isWritten: @escaping (TopologyWriter) -> Bool,
        _ assemble: @escaping @Sendable (TaskAssembly) throws -> Void
    ) {
        add { writer in
            guard isWritten(writer) else { return }
            for store in defining { try writer.add(store) }
            try writer.add(
                NodeDefinition(name: name, kind: .processor(stores: stores), parents: parents, assemble: assemble))
        }
    }
}
