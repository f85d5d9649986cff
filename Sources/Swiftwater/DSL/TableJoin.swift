/// Writes the nodes of a join of two tables by key, with Kafka Streams' names and stores.
@usableFromInline
struct TableJoin<Key, Left, Right, Result> {
    let left: KTable<Key, Left>
    let right: KTable<Key, Right>
    /// Whether there are results without a left value, and without a right value.
    let needsLeft: Bool
    let needsRight: Bool
    let materialized: Materialized<Key, Result>?
    let name: String?
    let joiner: @Sendable (Key, Left?, Right?) throws -> Result?

    @usableFromInline
    init(
        _ left: KTable<Key, Left>,
        _ right: KTable<Key, Right>,
        needsLeft: Bool,
        needsRight: Bool,
        _ materialized: Materialized<Key, Result>?,
        _ name: String?,
        _ joiner: @escaping @Sendable (Key, Left?, Right?) throws -> Result?
    ) {
        self.left = left
        self.right = right
        self.needsLeft = needsLeft
        self.needsRight = needsRight
        self.materialized = materialized
        self.name = name
        self.joiner = joiner
    }

    @usableFromInline
    func add() -> KTable<Key, Result> {
        let graph = left.graph
        let storeName = materialized.map { $0.name ?? graph.newStoreName("KTABLE-MERGE-") }
        let merge = graph.name(name, or: "KTABLE-MERGE-")
        let this = graph.name(name.map { "\($0)-join-this" }, or: "KTABLE-JOINTHIS-")
        let other = graph.name(name.map { "\($0)-join-other" }, or: "KTABLE-JOINOTHER-")
        if graph !== right.graph {
            graph.fail(StreamsError(.invalidTopology, "the joined tables are of two builders", at: .init(node: merge)))
        }
        // Where a result may lack the other side, only the value before tells whether there was a result to delete.
        if !needsRight { left.access.requireOldValues() }
        if !needsLeft { right.access.requireOldValues() }
        let lefts = left.access.requireView()
        let rights = right.access.requireView()
        let keySerde = materialized?.key ?? left.keySerde ?? right.keySerde
        var store: TableStore<Key, Result>?
        if let materialized, let storeName {
            store = TableStore(
                materialized.definition(name: storeName),
                graph.serde(keySerde, of: "the keys", at: merge),
                graph.serde(materialized.value, of: "the results", at: merge)
            )
        }
        let demand = TableDemand(isStored: store != nil)
        let joiner = joiner
        addSide(
            this,
            after: left,
            rights,
            TableJoinSide(needsThis: needsLeft, needsOther: needsRight, isVersioned: left.access.isVersioned),
            demand,
            joiner
        )
        addSide(
            other,
            after: right,
            lefts,
            TableJoinSide(needsThis: needsRight, needsOther: needsLeft, isVersioned: right.access.isVersioned),
            demand
        ) { key, right, left in try joiner(key, left, right) }
        let sides = [this, other].map { Upstream<Key, Change<Result>>(node: $0) }
        let changes = graph.addTable(merge, after: sides, store: store, demand) { assembly, store, changes in
            Receiver(name: merge, context: assembly.context) { record in
                try store.setKey(record.key)
                try changes.update(
                    by: record, new: record.value.new, old: record.value.old, timestamp: record.timestamp)
            }
        } unstored: { assembly, outlet, _ in
            Receiver(name: merge, context: assembly.context) { try outlet.forward($0) }
        }
        return KTable(
            graph: graph,
            upstream: changes,
            access: access(store, demand),
            keySerde: store?.keySerde ?? keySerde,
            valueSerde: store?.valueSerde,
            queryableStoreName: store?.definition.name
        )
    }

    private func access(_ store: TableStore<Key, Result>?, _ demand: TableDemand) -> TableAccess<Key, Result> {
        let (left, right) = (left.access, right.access)
        let (needsLeft, needsRight, joiner) = (needsLeft, needsRight, joiner)
        return TableAccess(isVersioned: store?.definition.isVersioned ?? false) { _ in
            left.requireOldValues()
            right.requireOldValues()
            demand.sendsOldValues = true
            return true
        } requireView: {
            store?.view
                ?? joinedView(
                    left.requireView(), right.requireView(), needsLeft: needsLeft, needsRight: needsRight, joiner)
        }
    }

    private func addSide<This, Other>(
        _ name: String,
        after table: KTable<Key, This>,
        _ others: TableView<Key, Other>,
        _ side: TableJoinSide,
        _ demand: TableDemand,
        _ joiner: @escaping @Sendable (Key, This?, Other?) throws -> Result?
    ) {
        let upstream = table.upstream
        table.graph.addNode(name, parents: [upstream.node], stores: others.stores, demand: demand) {
            assembly, sendsOldValues in
            let receiver = side.receiver(
                name,
                assembly.context,
                try assembly.outlet(of: name),
                try others.open(assembly),
                sendsOldValues: sendsOldValues,
                joiner
            )
            try upstream.connect(assembly, receiver)
        }
    }
}
