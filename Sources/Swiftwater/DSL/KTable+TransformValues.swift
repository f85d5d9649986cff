extension KTable {
    /// Makes a new value of each key and value with the help of stores (T-03).
    ///
    /// `make` is called for each task and gives the function, which also sees deletions as nil. Without a named store the result is
    /// a view: where its values are looked up, or old ones are asked for, a function is called again for the same change.
    ///
    /// - Parameters:
    ///   - materialized: a store to keep the result in; without a name it is a view of this table.
    ///   - stores: the stores that the function uses, which were added to the builder.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - make: makes the function of one task; nil from that deletes the key.
    public func transformValues<NewValue>(
        as materialized: Materialized<Key, NewValue>? = nil,
        stores: [any ConnectedStore] = [],
        named: String? = nil,
        _ make: @escaping @Sendable (ValueTransformerContext) throws -> (Key, Value?) throws -> NewValue?
    ) -> KTable<Key, NewValue> {
        let names = stores.map(\.name)
        let node = named ?? "KTABLE-TRANSFORMVALUES"
        return derived(
            "KTABLE-TRANSFORMVALUES-", materialized, nil, named, others: names, numbersUnnamedStore: false,
            skipsNothing: false
        ) { assembly in
            let context = ValueTransformerContext(node: node, assembly: assembly, stores: names)
            let transform = assembly.context.atStart(node) { try make(context) }
            return { key, value in try transform.get()(key, value) }
        }
    }
}
