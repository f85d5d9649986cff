extension KTable {
    /// Keeps the keys whose values the predicate holds for; one that no longer does is deleted (S-34).
    ///
    /// Where this table is kept in a store, only keys that were in the result are deleted. Without one a deletion is told of every
    /// value that the predicate does not hold for.
    ///
    /// Without a named store the result is a view: where its values are looked up the predicate is called again, so it must be pure.
    ///
    /// - Parameters:
    ///   - materialized: a store to keep the result in; without a name it is a view of this table.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - predicate: whether the key is in the result.
    @inlinable
    public func filter(
        as materialized: Materialized<Key, Value>? = nil,
        named: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool
    ) -> KTable<Key, Value> {
        derived(
            "KTABLE-FILTER-",
            materialized,
            valueSerde,
            named,
            others: [],
            sendsOldValues: access.enableOldValues(false),
            skipsNothing: !access.isVersioned
        ) { _ in
            { key, value in
                guard let value, try predicate(key, value) else { return nil }
                return value
            }
        }
    }

    /// Keeps the keys whose values the predicate does not hold for; like ``filter(as:named:_:)``.
    @inlinable
    public func filterNot(
        as materialized: Materialized<Key, Value>? = nil,
        named: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool
    ) -> KTable<Key, Value> {
        filter(as: materialized, named: named) { key, value in try !predicate(key, value) }
    }

    /// Makes a new value of each value; keys and partitions stay.
    ///
    /// Without a named store the result is a view: where its values are looked up the function is called again, so it must be pure.
    ///
    /// - Parameters:
    ///   - materialized: a store to keep the result in; without a name it is a view of this table.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - transform: makes the new value; nil deletes the key.
    @inlinable
    public func mapValues<NewValue>(
        as materialized: Materialized<Key, NewValue>? = nil,
        named: String? = nil,
        _ transform: @escaping @Sendable (Value) throws -> NewValue?
    ) -> KTable<Key, NewValue> {
        mapValues(as: materialized, named: named) { _, value in try transform(value) }
    }

    /// Makes a new value of each key and value; like the form that sees the value alone.
    @inlinable
    public func mapValues<NewValue>(
        as materialized: Materialized<Key, NewValue>? = nil,
        named: String? = nil,
        _ transform: @escaping @Sendable (Key, Value) throws -> NewValue?
    ) -> KTable<Key, NewValue> {
        derived("KTABLE-MAPVALUES-", materialized, nil, named, others: [], skipsNothing: false) { _ in
            { key, value in try value.flatMap { try transform(key, $0) } }
        }
    }

    /// A table whose values are a function of this one's.
    ///
    /// - Parameters:
    ///   - numbersUnnamedStore: whether a store that is described without a name uses up a number.
    ///   - sendsOldValues: whether its changes tell the value before, also if nobody asks.
    ///   - make: makes the function for one node of one task; lookups of a view have one of their own.
    @inlinable
    func derived<NewValue>(
        _ prefix: String,
        _ materialized: Materialized<Key, NewValue>?,
        _ inheritedSerde: Serde<NewValue>?,
        _ named: String?,
        others: [String],
        numbersUnnamedStore: Bool = true,
        sendsOldValues: Bool = false,
        skipsNothing: Bool,
        _ make: @escaping @Sendable (TaskAssembly) throws -> (Key, Value?) throws -> NewValue?
    ) -> KTable<Key, NewValue> {
        let isStored = materialized?.isAsked ?? false
        var storeName = materialized?.name
        if let materialized, materialized.name == nil, isStored || numbersUnnamedStore {
            // Kafka Streams uses this number up, although a table that was given no name is not kept.
            storeName = graph.newStoreName(prefix)
        }
        let name = graph.name(named, or: prefix)
        let keySerde = materialized?.key ?? keySerde
        let valueSerde = materialized?.value ?? inheritedSerde
        var store: TableStore<Key, NewValue>?
        if isStored, let materialized, let storeName {
            store = TableStore(
                materialized.definition(name: storeName),
                graph.serde(keySerde, of: "the keys", at: name),
                graph.serde(valueSerde, of: "the values", at: name)
            )
        }
        let demand = TableDemand(isStored: isStored)
        demand.sendsOldValues = sendsOldValues
        let changes = graph.addTable(name, after: [upstream], store: store, demand, others: others) {
            assembly, store, changes in
            derivedTable(
                name, assembly.context, store, changes, skipsNothing: skipsNothing, try make(assembly))
        } unstored: { assembly, outlet, sendsOldValues in
            derivedTable(
                name,
                assembly.context,
                outlet,
                sendsOldValues: sendsOldValues,
                skipsNothing: skipsNothing,
                try make(assembly)
            )
        }
        return KTable<Key, NewValue>(
            graph: graph,
            upstream: changes,
            access: store.map { TableAccess($0, demand) } ?? viewAccess(demand, make),
            keySerde: store?.keySerde ?? keySerde,
            valueSerde: store?.valueSerde ?? valueSerde,
            queryableStoreName: store?.definition.name
        )
    }

    /// How operators ask a view of this table.
    @inlinable
    func viewAccess<NewValue>(
        _ demand: TableDemand,
        _ make: @escaping @Sendable (TaskAssembly) throws -> (Key, Value?) throws -> NewValue?
    ) -> TableAccess<Key, NewValue> {
        let access = access
        return TableAccess<Key, NewValue>(isVersioned: access.isVersioned) { isForced in
            if access.enableOldValues(isForced) { demand.sendsOldValues = true }
            return demand.sendsOldValues
        } requireView: {
            access.requireView().mapping(make)
        }
    }
}
