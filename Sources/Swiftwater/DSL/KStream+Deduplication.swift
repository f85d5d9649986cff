extension KStream {
    /// Hands on the first record of a key and leaves out those that repeat it within an interval (KIP-655).
    ///
    /// A record repeats one that was handed on if it is at most the interval later or earlier, and stream time, the latest time that the
    /// operator has seen, is at most the interval past the other. Repetitions do not prolong the interval; they are counted as
    /// ``DropReason/duplicate`` and not logged. A record that comes later than the interval behind stream time is handed on and not remembered; one
    /// without a key is always handed on.
    ///
    /// ```swift
    /// payments.deduplicateByKey(within: .seconds(3_600), deduplicated: Deduplicated(named: "payments-once"))
    /// ```
    ///
    /// It repartitions only if an operator before may have changed the key; the stream behind it does not need to.
    ///
    /// - Parameters:
    ///   - interval: how far in time a repetition may be, in milliseconds; zero is the same time. A negative one is refused at `build()`.
    ///   - deduplicated: names, serdes and store.
    public func deduplicateByKey(
        within interval: Duration,
        deduplicated: Deduplicated<Key, Never, Value> = Deduplicated()
    ) -> KStream<Key, Value> {
        deduplicating(within: interval, deduplicated) { keys, _ in
            keys
        } identity: {
            $0.key
        }
    }

    /// Hands on the first record of a key and ID and leaves out those that repeat both within an interval (KIP-655).
    ///
    /// What repeats is as in ``deduplicateByKey(within:deduplicated:)``. The ID tells apart the records of one key: the same ID under another
    /// key is another record, so nothing is repartitioned by IDs; where an ID is to be unique among all keys, make it the key.
    ///
    /// ```swift
    /// orders.deduplicateByKeyValue(within: .seconds(3_600)) { _, order in order.id }
    /// ```
    ///
    /// - Parameters:
    ///   - interval: how far in time a repetition may be, in milliseconds; zero is the same time. A negative one is refused at `build()`.
    ///   - deduplicated: names, serdes and store.
    ///   - id: gives the ID; a record for which it gives nil is always handed on.
    public func deduplicateByKeyValue<ID>(
        within interval: Duration,
        deduplicated: Deduplicated<Key, ID, Value> = Deduplicated(),
        _ id: @escaping @Sendable (Key, Value) throws -> ID?
    ) -> KStream<Key, Value> {
        let graph = graph
        return deduplicating(within: interval, deduplicated) { keys, node in
            .keyed(keys, graph.serde(deduplicated.id, of: "the IDs", at: node))
        } identity: { record in
            try id(record.key, record.value).map { KeyedID(key: record.key, id: $0) }
        }
    }

    private func deduplicating<ID, Identity>(
        within interval: Duration,
        _ deduplicated: Deduplicated<Key, ID, Value>,
        identities: (_ keys: Serde<Key>, _ node: String) -> Serde<Identity>,
        identity: @escaping @Sendable (Record<Key, Value>) throws -> Identity?
    ) -> KStream<Key, Value> {
        let name = graph.name(deduplicated.name, or: "KSTREAM-DEDUPLICATE-")
        let storeName = deduplicated.storeName ?? deduplicated.name ?? graph.newStoreName("KSTREAM-DEDUPLICATE-")
        if interval < .zero {
            graph.fail(
                StreamsError(
                    .invalidTopology, "no record repeats another within \(interval): give an interval of zero or more",
                    at: .init(node: name)))
        }
        let keys = graph.serde(deduplicated.key ?? keySerde, of: "the keys", at: name)
        let identities = identities(keys, name)
        var input = upstream
        if isRepartitionRequired {
            let values = graph.serde(deduplicated.value ?? valueSerde, of: "the values", at: name)
            // Also what has no key: it repeats nothing and is handed on.
            input = graph.addRepartition(
                after: upstream, prefix: name, key: keys, value: values, detour: nil
            ) { .some($0) }
        }
        let store = deduplicated.definition(name: storeName, within: interval)
        let next: Upstream<Key, Value> = graph.addProcessor(name, after: [input], store: store) { assembly, outlet in
            Deduplicate(
                name: name,
                context: assembly.context,
                interval: interval.milliseconds,
                store: WindowStore(
                    try assembly.store(named: store.name),
                    keySerde: identities,
                    valueSerde: .recordMetadata,
                    windowSize: interval.milliseconds,
                    context: assembly.context
                ),
                outlet: outlet,
                identity: identity
            )
        }
        return KStream(
            graph: graph,
            upstream: next,
            keySerde: keys,
            valueSerde: deduplicated.value ?? valueSerde,
            isRepartitionRequired: false
        )
    }
}
