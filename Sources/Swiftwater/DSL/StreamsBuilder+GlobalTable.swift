extension StreamsBuilder {
    /// Reads all partitions of a topic as a table that every instance holds whole; records without a key are dropped.
    ///
    /// - Parameters:
    ///   - topic: the topic; it must exist when the application starts, and nothing else of the topology may read it.
    ///   - key: how keys are read.
    ///   - value: how values are read; null is a deletion and needs no `.optional(…)`.
    ///   - materialized: the store; it is neither cached nor logged, since the topic is its changelog.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func globalTable<Key, Value>(
        _ topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        as materialized: Materialized<Key, Value> = Materialized(),
        timestampExtractor: (any TimestampExtractor)? = nil,
        named: String? = nil
    ) -> GlobalKTable<Key, Value> {
        let storeName = materialized.name ?? graph.newStoreName("\(topic)-")
        let source = graph.name(named.map { "\($0)-source" }, or: "KSTREAM-SOURCE-")
        let node = graph.name(named, or: "KTABLE-SOURCE-")
        var materialized = materialized
        materialized.isCached = false
        materialized.isLogged = false
        materialized.storeType = .persistent
        let store = materialized.definition(name: storeName)
        let keySerde = materialized.key ?? key
        let valueSerde = materialized.value ?? value
        graph.requireLatestOnly(store, at: node)
        let updates = graph.addGlobalSource(
            source,
            topic: topic,
            key: Serde<Key?>.optional(key),
            value: Serde<Value?>.optional(value),
            extractor: timestampExtractor
        )
        _ = KTable.source(
            graph: graph,
            name: node,
            upstream: updates.unwrappingKey(),
            store: TableStore(store, keySerde, valueSerde),
            isStored: true
        )
        return GlobalKTable(graph: graph, store: store, keySerde: keySerde, valueSerde: valueSerde)
    }
}
