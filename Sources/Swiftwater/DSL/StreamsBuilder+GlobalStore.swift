extension StreamsBuilder {
    /// Has a processor of one's own fill a store from all partitions of a topic, in every instance (`addGlobalStore`).
    ///
    /// Where a global table keeps what its topic says, here the processor decides: it gets every record and sets what it likes. A store
    /// that is filled anew is filled by the processor too (S-96), so what it does must depend on the records alone. The store is neither
    /// cached nor logged, since the topic is its changelog, and its processor has no clock to schedule by.
    ///
    /// ```swift
    /// let lengths = StateStore<KeyValueStore<String, Int64>>.keyValue("lengths", key: .string, value: .int64)
    /// builder.addGlobalStore(lengths, from: "texts", key: .string, value: .string) { context, lengths in
    ///     { record in try lengths.set(Int64(record.value.count), of: record.key) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - store: the store; nothing else of the topology may define it.
    ///   - topic: the topic; it must exist when the application starts, and nothing else of the topology may read it.
    ///   - key: how keys are read; a null key needs `.optional(…)`.
    ///   - value: how values are read; a null value needs `.optional(…)`.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - make: makes the function that takes the records of all partitions, with the store opened.
    @discardableResult
    public func addGlobalStore<Store, Key, Value>(
        _ store: StateStore<Store>,
        from topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        timestampExtractor: (any TimestampExtractor)? = nil,
        named: String? = nil,
        _ make:
            @escaping @Sendable (ProcessorContext<Never, Never>, Store) throws -> (Record<Key, Value>) throws -> Void
    ) -> StateStore<Store> {
        let source = graph.name(named.map { "\($0)-source" }, or: "KSTREAM-SOURCE-")
        let name = graph.name(named, or: "KTABLE-SOURCE-")
        var definition = store.definition
        definition.isLogged = false
        let records = graph.addGlobalSource(
            source, topic: topic, key: key, value: value, extractor: timestampExtractor)
        graph.addProcessor(name, after: records, stores: [store.name], defining: [definition]) { context in
            try make(context, try context.store(store))
        }
        return store
    }
}
