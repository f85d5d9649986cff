extension KStream {
    /// Keeps the records for which the predicate holds.
    @inlinable
    public func filter(
        named: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool
    ) -> KStream<Key, Value> {
        following("KSTREAM-FILTER-", named, keySerde: keySerde, valueSerde: valueSerde, .passes) { record, outlet in
            if try predicate(record.key, record.value) { try outlet.forward(record) }
        }
    }

    /// Keeps the records for which the predicate does not hold.
    @inlinable
    public func filterNot(
        named: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool
    ) -> KStream<Key, Value> {
        filter(named: named) { key, value in try !predicate(key, value) }
    }

    /// Makes a new key and value of each record; a stateful operator behind it repartitions.
    @inlinable
    public func map<NewKey, NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Key, Value) throws -> (NewKey, NewValue)
    ) -> KStream<NewKey, NewValue> {
        following("KSTREAM-MAP-", named, keySerde: nil, valueSerde: nil, .changesKey) { record, outlet in
            let (key, value) = try transform(record.key, record.value)
            try outlet.forward(
                Record(key: key, value: value, timestamp: record.timestamp, headers: record.headers)
            )
        }
    }

    /// Makes a new value of each value; keys and partitions stay.
    @inlinable
    public func mapValues<NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Value) throws -> NewValue
    ) -> KStream<Key, NewValue> {
        mapValues(named: named) { _, value in try transform(value) }
    }

    /// Makes a new value of each key and value; keys and partitions stay.
    @inlinable
    public func mapValues<NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Key, Value) throws -> NewValue
    ) -> KStream<Key, NewValue> {
        following("KSTREAM-MAPVALUES-", named, keySerde: keySerde, valueSerde: nil, .changesValue) { record, outlet in
            try outlet.forward(record.with(value: try transform(record.key, record.value)))
        }
    }

    /// Makes any number of records of each; a stateful operator behind it repartitions.
    @inlinable
    public func flatMap<NewKey, NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Key, Value) throws -> [(NewKey, NewValue)]
    ) -> KStream<NewKey, NewValue> {
        following("KSTREAM-FLATMAP-", named, keySerde: nil, valueSerde: nil, .changesKey) { record, outlet in
            for (key, value) in try transform(record.key, record.value) {
                try outlet.forward(
                    Record(key: key, value: value, timestamp: record.timestamp, headers: record.headers)
                )
            }
        }
    }

    /// Makes any number of values of each value; keys and partitions stay.
    @inlinable
    public func flatMapValues<NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Value) throws -> [NewValue]
    ) -> KStream<Key, NewValue> {
        flatMapValues(named: named) { _, value in try transform(value) }
    }

    /// Makes any number of values of each key and value; keys and partitions stay.
    @inlinable
    public func flatMapValues<NewValue>(
        named: String? = nil,
        _ transform: @escaping @Sendable (Key, Value) throws -> [NewValue]
    ) -> KStream<Key, NewValue> {
        following("KSTREAM-FLATMAPVALUES-", named, keySerde: keySerde, valueSerde: nil, .changesValue) {
            record, outlet in
            for value in try transform(record.key, record.value) {
                try outlet.forward(record.with(value: value))
            }
        }
    }

    /// Gives each record a new key; a stateful operator behind it repartitions.
    @inlinable
    public func selectKey<NewKey>(
        named: String? = nil,
        _ selector: @escaping @Sendable (Key, Value) throws -> NewKey
    ) -> KStream<NewKey, Value> {
        following("KSTREAM-KEY-SELECT-", named, keySerde: nil, valueSerde: valueSerde, .changesKey) {
            record,
            outlet in
            try outlet.forward(record.with(key: try selector(record.key, record.value)))
        }
    }

    /// Looks at each record and passes it on. What the function does outside is not covered by exactly-once.
    @discardableResult
    @inlinable
    public func peek(
        named: String? = nil,
        _ look: @escaping @Sendable (Key, Value) throws -> Void
    ) -> KStream<Key, Value> {
        following("KSTREAM-PEEK-", named, keySerde: keySerde, valueSerde: valueSerde, .passes) { record, outlet in
            try look(record.key, record.value)
            try outlet.forward(record)
        }
    }

    /// Hands each record to a function, and ends there.
    @inlinable
    public func foreach(named: String? = nil, _ body: @escaping @Sendable (Key, Value) throws -> Void) {
        let _: KStream<Key, Value> = following("KSTREAM-FOREACH-", named, keySerde: nil, valueSerde: nil, .passes) {
            record,
            _ in
            try body(record.key, record.value)
        }
    }

    /// The records of both streams; there is no order between the two.
    @inlinable
    public func merge(_ other: KStream<Key, Value>, named: String? = nil) -> KStream<Key, Value> {
        let name = graph.name(named, or: "KSTREAM-MERGE-")
        if graph !== other.graph {
            graph.fail(
                StreamsError(.invalidTopology, "the merged streams are of two builders", at: .init(node: name))
            )
        }
        graph.note(name, .merges, after: [upstream.node, other.upstream.node])
        let merged: Upstream<Key, Value> = graph.addOperator(name, after: [upstream, other.upstream]) {
            assembly,
            outlet in
            Receiver(name: name, context: assembly.context) { record in try outlet.forward(record) }
        }
        return KStream(
            graph: graph,
            upstream: merged,
            keySerde: nil,
            valueSerde: nil,
            isRepartitionRequired: isRepartitionRequired || other.isRepartitionRequired
        )
    }
}
