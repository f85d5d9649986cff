extension KTable {
    /// Groups the rows of the table by a new key, through a repartition topic; aggregates follow every change of a row (T-05).
    ///
    /// - Parameters:
    ///   - key: how the new keys are written; nil takes what the type knows.
    ///   - value: how the new values are written; nil takes what the type knows.
    ///   - named: names the node and the repartition topic `<application>-<named>-repartition`.
    ///   - selector: gives a row's new key and value; nil leaves it out. Called for the old row as well as the new: it must be pure.
    @inlinable
    public func groupBy<NewKey: Equatable & SendableMetatype, NewValue>(
        key: Serde<NewKey>? = nil,
        value: Serde<NewValue>? = nil,
        named: String? = nil,
        _ selector: @escaping @Sendable (Key, Value) throws -> (NewKey, NewValue)?
    ) -> KGroupedTable<NewKey, NewValue> {
        let name = graph.name(named, or: "KTABLE-SELECT-")
        let isVersioned = access.isVersioned
        let rows: Upstream<NewKey, Change<NewValue>> = graph.addOperator(name, after: [upstream]) {
            assembly, outlet in
            tableRegrouping(name, assembly.context, outlet, isVersioned: isVersioned, selector)
        }
        access.requireOldValues()
        return KGroupedTable(graph: graph, upstream: rows, keySerde: key, valueSerde: value, name: named)
    }
}
