extension StreamsGraph {
    /// Sends a side of a join whose keys may have changed through a topic.
    ///
    /// Without a name the topic is called after the stream, and all such joins of one stream share it; one that follows a join with
    /// a name takes that one's topic.
    ///
    /// - Parameter keepsNullKeys: whether the join has results for records without a key (S-28).
    func addJoinRepartition<Key, Value>(
        after upstream: Upstream<Key?, Value?>,
        name: String?,
        key: Serde<Key>,
        value: Serde<Value>,
        keepsNullKeys: Bool,
        detour: Detour<Key?, Value?>
    ) -> Upstream<Key?, Value?> {
        if name == nil, let shared: JoinRepartition<Key, Value> = joinRepartition(after: upstream.node) {
            burnRepartitionNames()
            if keepsNullKeys { shared.nullKeys.keep() }
            return shared.upstream
        }
        let nullKeys = NullKeys()
        if keepsNullKeys { nullKeys.keep() }
        let source: Upstream<Key?, Value?> = addRepartition(
            after: upstream,
            prefix: name ?? upstream.node,
            key: .optional(key),
            value: .optional(value),
            detour: detour
        ) { key in
            key != nil || nullKeys.areKept ? .some(key) : nil
        }
        let repartition = JoinRepartition<Key, Value>(
            upstream: Upstream(node: source.node) { assembly, node, child in
                // The optimiser may put that of a grouping in its place, where every record has a key, or the operator above.
                if let outlet: Outlet<Key, Value?> = assembly.knownOutlet(of: node) {
                    return outlet.add(child.takingKeys())
                }
                if let outlet: Outlet<Key, Value> = assembly.knownOutlet(of: node) {
                    return outlet.add(child.takingValues().takingKeys())
                }
                if let outlet: Outlet<Key?, Value> = assembly.knownOutlet(of: node) {
                    return outlet.add(child.takingValues())
                }
                try source.moved(to: node).connect(assembly, child)
            },
            nullKeys: nullKeys
        )
        setJoinRepartition(repartition, after: upstream.node)
        return repartition.upstream
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
