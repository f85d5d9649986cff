extension KStream {
    /// Groups by a new key, through a repartition topic; records for which the selector gives nil are left out.
    ///
    /// - Parameters:
    ///   - key: how the new keys are written.
    ///   - value: how values are written to the repartition topic; nil takes what the stream or the type knows.
    ///   - named: names the node and the repartition topic `<application>-<named>-repartition`.
    ///   - selector: gives the new key.
    @inlinable
    public func groupBy<NewKey>(
        key: Serde<NewKey>? = nil,
        value: Serde<Value>? = nil,
        named: String? = nil,
        _ selector: @escaping @Sendable (Key, Value) throws -> NewKey?
    ) -> KGroupedStream<NewKey, Value> {
        let selected: KStream<NewKey?, Value> = following(
            "KSTREAM-KEY-SELECT-",
            named,
            keySerde: nil,
            valueSerde: valueSerde,
            .changesKey
        ) { record, outlet in
            try outlet.forward(record.with(key: try selector(record.key, record.value)))
        }
        return selected.groupByKey(key: key, value: value, named: named)
    }

    /// Groups by the key as it is; repartitions only if an operator before may have changed it.
    ///
    /// - Parameters:
    ///   - key: how keys are written; nil takes what the stream or the type knows.
    ///   - value: how values are written; nil takes what the stream or the type knows.
    ///   - named: names the repartition topic, if there is one.
    @_disfavoredOverload
    @inlinable
    public func groupByKey(
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        named: String? = nil
    ) -> KGroupedStream<Key, Value> {
        KGroupedStream(
            graph: graph,
            upstream: upstream,
            keySerde: key ?? keySerde,
            valueSerde: value ?? valueSerde,
            repartition: isRepartitionRequired ? repartitioning() : nil,
            name: named
        )
    }

    /// Groups by the key as it is; records without a key are dropped and counted (S-13).
    @inlinable
    public func groupByKey<Wrapped>(
        key: Serde<Wrapped>? = nil,
        value: Serde<Value>? = nil,
        named: String? = nil
    ) -> KGroupedStream<Wrapped, Value> where Key == Wrapped? {
        KGroupedStream<Wrapped, Value>(
            graph: graph,
            upstream: upstream.unwrappingKey(),
            keySerde: key,
            valueSerde: value ?? valueSerde,
            repartition: isRepartitionRequired ? repartitioningKeyed() : nil,
            name: named
        )
    }

    /// Sends the stream through a topic of its own, so that records are partitioned by their key (KIP-221).
    ///
    /// Records without a key end there.
    ///
    /// - Parameters:
    ///   - named: names the topic `<application>-<named>-repartition`; nil lets the library number it.
    ///   - key: how keys are written; nil takes what the stream or the type knows.
    ///   - value: how values are written; nil takes what the stream or the type knows.
    ///   - partitions: the topic's partition count; nil follows the sources.
    ///   - partitioner: which partition a record goes to; nil is Kafka's murmur2 of the key.
    @_disfavoredOverload
    @inlinable
    public func repartition(
        named: String? = nil,
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        partitions: Int? = nil,
        partitioner: StreamPartitioner<Key, Value>? = nil
    ) -> KStream<Key, Value> {
        repartitioned(
            named: named,
            key: key ?? keySerde,
            value: value ?? valueSerde,
            partitions: partitions,
            partitioner: partitioner
        ) { $0 }
    }

    /// Sends the stream through a topic of its own, so that records are partitioned by their key (KIP-221).
    ///
    /// Records without a key end there, so that behind it every record has one.
    @inlinable
    public func repartition<Wrapped>(
        named: String? = nil,
        key: Serde<Wrapped>? = nil,
        value: Serde<Value>? = nil,
        partitions: Int? = nil,
        partitioner: StreamPartitioner<Wrapped, Value>? = nil
    ) -> KStream<Wrapped, Value> where Key == Wrapped? {
        repartitioned(
            named: named,
            key: key,
            value: value ?? valueSerde,
            partitions: partitions,
            partitioner: partitioner
        ) { $0 }
    }

    @inlinable
    func repartitioned<NewKey>(
        named: String?,
        key: Serde<NewKey>?,
        value: Serde<Value>?,
        partitions: Int?,
        partitioner: StreamPartitioner<NewKey, Value>?,
        narrow: @escaping @Sendable (Key) -> NewKey?
    ) -> KStream<NewKey, Value> {
        let name = named ?? graph.newName("KSTREAM-REPARTITION-")
        let keySerde = graph.serde(key, of: "the keys", at: name)
        let valueSerde = graph.serde(value, of: "the values", at: name)
        if let partitions, partitions < 1 || partitions > 1_000_000 {
            graph.fail(
                StreamsError(.invalidTopology, "a topic cannot have \(partitions) partitions", at: .init(node: name))
            )
        }
        let source = graph.addRepartition(
            after: upstream,
            prefix: name,
            key: keySerde,
            value: valueSerde,
            partitionCount: partitions.map { Int32(clamping: $0) },
            partitioner: partitioner,
            detour: nil,
            narrow: narrow
        )
        return KStream<NewKey, Value>(
            graph: graph,
            upstream: source,
            keySerde: keySerde,
            valueSerde: valueSerde,
            isRepartitionRequired: false
        )
    }

    /// How a grouped stream or a table gets its repartition topic, once its name and serdes are known.
    @inlinable
    func repartitioning() -> (_ prefix: String, Serde<Key>, Serde<Value>) -> Upstream<Key, Value> {
        let detour = Detour<Key, Value> { (child: Receiver<Key, Value>) in child }
        return { prefix, key, value in
            graph.addRepartition(after: upstream, prefix: prefix, key: key, value: value, detour: detour) { $0 }
        }
    }

    /// The same for a stream some of whose records have no key, which end there.
    @inlinable
    func repartitioningKeyed<Wrapped>() -> (_ prefix: String, Serde<Wrapped>, Serde<Value>) -> Upstream<Wrapped, Value>
    where Key == Wrapped? {
        let detour = Detour<Wrapped, Value> { (child: Receiver<Wrapped?, Value>) in child.takingKeys() }
        return { prefix, key, value in
            graph.addRepartition(after: upstream, prefix: prefix, key: key, value: value, detour: detour) { $0 }
        }
    }
}
