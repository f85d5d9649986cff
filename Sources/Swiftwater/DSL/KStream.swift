/// An unbounded sequence of records, each a fact of its own; the counterpart of Kafka Streams' `KStream`.
///
/// Operators give a new stream and leave this one as it is: several may follow one stream. Functions handed over run
/// on the stream thread, must not block for long, and may throw, which ends the application with the node's name.
public struct KStream<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let upstream: Upstream<Key, Value>
    /// What is known of how keys and values are written; operators that change the type forget it.
    @usableFromInline let keySerde: Serde<Key>?
    @usableFromInline let valueSerde: Serde<Value>?
    /// Whether the key may have changed since the records were partitioned (S-88).
    @usableFromInline let isRepartitionRequired: Bool

    @inlinable
    init(
        graph: StreamsGraph,
        upstream: Upstream<Key, Value>,
        keySerde: Serde<Key>?,
        valueSerde: Serde<Value>?,
        isRepartitionRequired: Bool
    ) {
        self.graph = graph
        self.upstream = upstream
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.isRepartitionRequired = isRepartitionRequired
    }

    /// A stream behind a new operator.
    @inlinable
    func following<NewKey, NewValue>(
        _ prefix: String,
        _ name: String?,
        keySerde: Serde<NewKey>?,
        valueSerde: Serde<NewValue>?,
        _ kind: StreamShape.Kind,
        _ handle:
            @escaping @Sendable (Record<Key, Value>, Outlet<NewKey, NewValue>) throws -> Void
    ) -> KStream<NewKey, NewValue> {
        let name = graph.name(name, or: prefix)
        graph.note(name, kind, after: [upstream.node])
        let next: Upstream<NewKey, NewValue> = graph.addOperator(name, after: [upstream]) { assembly, outlet in
            Receiver(name: name, context: assembly.context) { record in try handle(record, outlet) }
        }
        return KStream<NewKey, NewValue>(
            graph: graph,
            upstream: next,
            keySerde: keySerde,
            valueSerde: valueSerde,
            isRepartitionRequired: isRepartitionRequired || kind == .changesKey
        )
    }
}
