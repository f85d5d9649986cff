extension StreamsGraph {
    /// Adds a source whose every partition every instance reads.
    @inlinable
    func addGlobalSource<Key, Value>(
        _ name: String,
        topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        extractor: (any TimestampExtractor)?
    ) -> Upstream<Key, Value> {
        addGlobalSource(name, topic: topic) { assembly in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
            assembly.addQueue(topic, node: name, extractor: extractor) { site in
                SourceReader(site, key: key, value: value, outlet: outlet)
            }
        }
        return Upstream(node: name)
    }

    @usableFromInline
    func addGlobalSource(
        _ name: String,
        topic: String,
        _ assemble: @escaping @Sendable (TaskAssembly) throws -> Void
    ) {
        add { writer in
            try writer.addGlobalSource(
                NodeDefinition(name: name, kind: .globalSource(topic: topic), parents: [], assemble: assemble)
            )
        }
    }

    /// Refuses a global table that keeps versions: its readers know the latest value only (B-03).
    @usableFromInline
    func requireLatestOnly(_ store: StoreDefinition, at node: String) {
        if case .timestampedKeyValue = store.kind { return }
        fail(
            StreamsError(
                .invalidTopology,
                "a global table keeps the latest value of each key, it cannot have a versioned store",
                at: .init(node: node, store: store.name)
            )
        )
    }
}
