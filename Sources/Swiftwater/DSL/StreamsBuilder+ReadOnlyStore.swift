extension StreamsBuilder {
    /// Has a processor of one's own fill a store from a topic, which is the store's changelog at the same time (KIP-813).
    ///
    /// For stores that another application fills: its changelog, or any topic, serves without being copied. Each task holds its partitions.
    /// Other processors name the store where they are added, and only read it: what they wrote would be lost with the disk. A store
    /// that was lost is filled by the processor again, up to what the group has committed, so what it does must depend on the records alone.
    ///
    /// ```swift
    /// let prices = builder.addReadOnlyStateStore(
    ///     StateStore<KeyValueStore<String, Int64>>.keyValue("prices", key: .string, value: .int64),
    ///     from: "shop-prices-changelog", key: .string, value: .optional(.int64)
    /// ) { context, prices in
    ///     { record in try prices.set(record.value, of: record.key) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - store: the store; nothing else of the topology may define it.
    ///   - topic: the topic; it must exist when the application starts.
    ///   - key: how keys are read; a null key needs `.optional(…)`.
    ///   - value: how values are read; a null value needs `.optional(…)`.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - offsetReset: where to begin without a committed offset; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - make: makes the function of one task that takes its records, with the store opened.
    @discardableResult
    public func addReadOnlyStateStore<Store, Key, Value>(
        _ store: StateStore<Store>,
        from topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        timestampExtractor: (any TimestampExtractor)? = nil,
        offsetReset: OffsetReset? = nil,
        named: String? = nil,
        _ make:
            @escaping @Sendable (ProcessorContext<Never, Never>, Store) throws -> (Record<Key, Value>) throws -> Void
    ) -> StateStore<Store> {
        let name = named ?? graph.newName("KSTREAM-PROCESSOR-")
        let records = graph.addSource(
            graph.name(named.map { "\($0)-source" }, or: "KSTREAM-SOURCE-"),
            topics: [topic],
            isInternal: false,
            key: key,
            value: value,
            extractor: timestampExtractor,
            reset: offsetReset
        )
        var definition = store.definition
        definition.isLogged = false
        definition.sourceTopic = topic
        definition.sourceNode = name
        graph.addProcessor(
            name, after: records, stores: [store.name], defining: [definition], readsGlobalStores: false
        ) { context in
            try make(context, try context.store(store))
        }
        return store
    }
}
