extension KStream {
    /// Reads the stream as a table: each record is an update of its key.
    ///
    /// - Parameters:
    ///   - materialized: a store to keep the table in; without a name it is kept only where an operator needs it.
    ///   - named: the node's name in ``Topology/describe()``.
    @_disfavoredOverload
    @inlinable
    public func toTable(as materialized: Materialized<Key, Value>? = nil, named: String? = nil) -> KTable<Key, Value> {
        table(materialized, named, keys: keySerde, values: valueSerde, repartitioning(), { $0 }) {
            $0.promotingValue()
        }
    }

    /// Reads the stream as a table: each record is an update of its key, a nil value deletes it (K-14).
    @_disfavoredOverload
    @inlinable
    public func toTable<Wrapped>(
        as materialized: Materialized<Key, Wrapped>? = nil,
        named: String? = nil
    ) -> KTable<Key, Wrapped> where Value == Wrapped? {
        table(materialized, named, keys: keySerde, values: nil, repartitioning(), { $0 }) { $0 }
    }

    /// Reads the stream as a table; records without a key are dropped, a nil value deletes (S-24).
    @inlinable
    public func toTable<WrappedKey, Wrapped>(
        as materialized: Materialized<WrappedKey, Wrapped>? = nil,
        named: String? = nil
    ) -> KTable<WrappedKey, Wrapped> where Key == WrappedKey?, Value == Wrapped? {
        table(materialized, named, keys: nil, values: nil, repartitioningKeyed(), { $0.unwrappingKey() }) { $0 }
    }

    @inlinable
    func table<TableKey, TableValue>(
        _ materialized: Materialized<TableKey, TableValue>?,
        _ named: String?,
        keys: Serde<TableKey>?,
        values: Serde<TableValue>?,
        _ repartition: (String, Serde<TableKey>, Serde<Value>) -> Upstream<TableKey, Value>,
        _ narrow: (Upstream<Key, Value>) -> Upstream<TableKey, Value>,
        _ promote: (Upstream<TableKey, Value>) -> Upstream<TableKey, TableValue?>
    ) -> KTable<TableKey, TableValue> {
        let name = graph.name(named, or: "KSTREAM-TOTABLE-")
        let storeName = materialized?.name ?? graph.newStoreName("KSTREAM-TOTABLE-")
        let keySerde = graph.serde(materialized?.key ?? keys, of: "the keys", at: name)
        let valueSerde = graph.serde(materialized?.value ?? values, of: "the values", at: name)
        let input: Upstream<TableKey, Value>
        if isRepartitionRequired {
            let streamValues = self.valueSerde ?? (Serde<TableValue?>.optional(valueSerde) as? Serde<Value>)
            input = repartition(name, keySerde, graph.serde(streamValues, of: "the values", at: name))
        } else {
            input = narrow(upstream)
        }
        return KTable.source(
            graph: graph,
            name: name,
            upstream: promote(input),
            store: TableStore(
                (materialized ?? Materialized()).definition(name: storeName), keySerde, valueSerde),
            isStored: materialized?.isAsked ?? false
        )
    }
}
