/// The latest value of each key, as a stream of changes; the counterpart of Kafka Streams' `KTable`.
public struct KTable<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let upstream: Upstream<Key, Change<Value>>
    /// How operators ask for old values and for the value of a key.
    @usableFromInline let access: TableAccess<Key, Value>
    @usableFromInline let keySerde: Serde<Key>?
    @usableFromInline let valueSerde: Serde<Value>?

    /// The name of the store that holds the table, where it was given one (T-09).
    public let queryableStoreName: String?

    @inlinable
    init(
        graph: StreamsGraph,
        upstream: Upstream<Key, Change<Value>>,
        access: TableAccess<Key, Value>,
        keySerde: Serde<Key>?,
        valueSerde: Serde<Value>?,
        queryableStoreName: String?
    ) {
        self.graph = graph
        self.upstream = upstream
        self.access = access
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
        store: TableStore<Key, Value>,
        queryableStoreName: String?,
        _ make:
            @escaping @Sendable (
                TaskContext, TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>
            ) -> Receiver<InKey, Input>
    ) -> KTable<Key, Value> {
        let demand = TableDemand(isStored: true)
        let changes = graph.addTable(name, after: [upstream], store: store, demand) { assembly, store, changes in
            make(assembly.context, store, changes)
        } unstored: { assembly, _, _ in
            Receiver(name: name, context: assembly.context) { _ in
                throw StreamsError(.internal, "a table without its store", at: .init(node: name))
            }
        }
        return KTable(
            graph: graph,
            upstream: changes,
            access: TableAccess(store, demand),
            keySerde: store.keySerde,
            valueSerde: store.valueSerde,
            queryableStoreName: queryableStoreName
        )
    }

    /// A table made of a stream of updates; unless its store was asked for it is kept only where an operator needs it.
    @inlinable
    static func source(
        graph: StreamsGraph,
        name: String,
        upstream: Upstream<Key, Value?>,
        store: TableStore<Key, Value>,
        isStored: Bool
    ) -> KTable<Key, Value> {
        let demand = TableDemand(isStored: isStored)
        let changes = graph.addTable(name, after: [upstream], store: store, demand) { assembly, store, changes in
            tableSource(name, assembly.context, store, changes)
        } unstored: { assembly, outlet, _ in
            // Nothing is kept: the updates are the changes.
            Receiver(name: name, context: assembly.context) { record in
                try outlet.forward(record.with(value: Change(new: record.value, old: nil)))
            }
        }
        return KTable(
            graph: graph,
            upstream: changes,
            access: TableAccess(store, demand),
            keySerde: store.keySerde,
            valueSerde: store.valueSerde,
            queryableStoreName: isStored ? store.definition.name : nil
        )
    }
}
