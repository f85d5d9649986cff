/// The latest value of each key, as a stream of changes; the counterpart of Kafka Streams' `KTable`.
public struct KTable<Key, Value> {
    let graph: StreamsGraph
    let upstream: Upstream<Key, Change<Value>>
    let keySerde: Serde<Key>?
    let valueSerde: Serde<Value>?

    /// The name of the store that holds the table; nil if none does.
    public let queryableStoreName: String?

    /// The changes as a stream: a deletion is a record with a nil value (S-43).
    public func toStream(named: String? = nil) -> KStream<Key, Value?> {
        let name = graph.name(named, or: "KTABLE-TOSTREAM-")
        let changes: Upstream<Key, Value?> = graph.addProcessor(name, after: [upstream]) { assembly, outlet in
            Adapter(name: name, context: assembly.context) { record in
                try outlet.forward(record.with(value: record.value.new))
            }
        }
        return KStream<Key, Value?>(
            graph: graph,
            upstream: changes,
            keySerde: keySerde,
            valueSerde: valueSerde.map { .optional($0) },
            isRepartitionRequired: false
        )
    }

    /// The changes as a stream with new keys; a stateful operator behind it repartitions.
    public func toStream<NewKey>(
        named: String? = nil,
        _ selector: @escaping @Sendable (Key, Value?) throws -> NewKey
    ) -> KStream<NewKey, Value?> {
        toStream(named: named).selectKey(selector)
    }
}

extension KTable {
    /// A table that an operator keeps in a store.
    static func stored<InKey, Input>(
        graph: StreamsGraph,
        name: String,
        upstream: Upstream<InKey, Input>,
        store: StoreDefinition,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        _ make:
            @escaping @Sendable (
                TaskContext, TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>
            ) -> Processor<InKey, Input>
    ) -> KTable<Key, Value> {
        let changes: Upstream<Key, Change<Value>> = graph.addProcessor(name, after: [upstream], store: store) {
            assembly,
            outlet in
            let context = assembly.context
            let bytes = try assembly.store(named: store.name)
            let typed = TimestampedKeyValueStore(
                bytes,
                keySerde: keySerde,
                valueSerde: valueSerde,
                applicationID: context.settings.applicationID
            )
            let changes = StoredChanges(
                store: typed,
                outlet: outlet,
                isCached: store.isCached && context.settings.isCachingEnabled,
                sendsOldValues: false
            )
            assembly.setCacheFlusher(changes, of: store.name)
            return make(context, typed, changes)
        }
        return KTable(
            graph: graph,
            upstream: changes,
            keySerde: keySerde,
            valueSerde: valueSerde,
            queryableStoreName: store.name
        )
    }

    /// A table made of a stream of updates, with or without a store.
    static func source(
        graph: StreamsGraph,
        name: String,
        upstream: Upstream<Key, Value?>,
        store: StoreDefinition?,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>
    ) -> KTable<Key, Value> {
        if let store {
            return stored(
                graph: graph,
                name: name,
                upstream: upstream,
                store: store,
                keySerde: keySerde,
                valueSerde: valueSerde
            ) { context, store, changes in
                TableSource(name: name, context: context, updates: .stored(store, changes))
            }
        }
        let changes: Upstream<Key, Change<Value>> = graph.addProcessor(name, after: [upstream]) { assembly, outlet in
            TableSource(name: name, context: assembly.context, updates: .passing(outlet))
        }
        return KTable(
            graph: graph,
            upstream: changes,
            keySerde: keySerde,
            valueSerde: valueSerde,
            queryableStoreName: nil
        )
    }
}
