/// The latest value of each key, as a stream of changes; the counterpart of Kafka Streams' `KTable`.
public struct KTable<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let upstream: Upstream<Key, Change<Value>>
    @usableFromInline let keySerde: Serde<Key>?
    @usableFromInline let valueSerde: Serde<Value>?

    /// The name of the store that holds the table; nil if none does.
    public let queryableStoreName: String?

    @inlinable
    init(
        graph: StreamsGraph,
        upstream: Upstream<Key, Change<Value>>,
        keySerde: Serde<Key>?,
        valueSerde: Serde<Value>?,
        queryableStoreName: String?
    ) {
        self.graph = graph
        self.upstream = upstream
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.queryableStoreName = queryableStoreName
    }

    /// The changes as a stream: a deletion is a record with a nil value (S-43).
    @inlinable
    public func toStream(named: String? = nil) -> KStream<Key, Value?> {
        let name = graph.name(named, or: "KTABLE-TOSTREAM-")
        let changes: Upstream<Key, Value?> = graph.addOperator(name, after: [upstream]) { assembly, outlet in
            Receiver(name: name, context: assembly.context) { record in
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
    @inlinable
    public func toStream<NewKey>(
        named: String? = nil,
        _ selector: @escaping @Sendable (Key, Value?) throws -> NewKey
    ) -> KStream<NewKey, Value?> {
        toStream(named: named).selectKey(selector)
    }
}

extension KTable {
    /// A table that an operator keeps in a store.
    @inlinable
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
            ) -> Receiver<InKey, Input>
    ) -> KTable<Key, Value> {
        let changes: Upstream<Key, Change<Value>> = graph.addOperator(name, after: [upstream], store: store) {
            assembly,
            outlet in
            let (typed, changes) = try assembly.keyValueStore(store, key: keySerde, value: valueSerde, outlet: outlet)
            assembly.onFlush(of: store) { try changes.flushCache() }
            return make(assembly.context, typed, changes)
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
    @inlinable
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
                tableSource(name, context, store, changes)
            }
        }
        let changes: Upstream<Key, Change<Value>> = graph.addOperator(name, after: [upstream]) { assembly, outlet in
            // Nothing is kept: the updates are the changes.
            Receiver(name: name, context: assembly.context) { record in
                try outlet.forward(record.with(value: Change(new: record.value, old: nil)))
            }
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
