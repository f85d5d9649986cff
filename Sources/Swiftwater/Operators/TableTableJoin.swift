/// One side of a join of two tables: a change of it is joined with what the other table has of the key (S-81).
@usableFromInline
struct TableJoinSide: Sendable {
    /// Whether there is no result without a value of this side, and none without one of the other.
    @usableFromInline let needsThis: Bool
    @usableFromInline let needsOther: Bool
    /// Whether this side's changes may be of the past, which are left out (S-42).
    @usableFromInline let isVersioned: Bool

    @inlinable
    init(needsThis: Bool, needsOther: Bool, isVersioned: Bool) {
        self.needsThis = needsThis
        self.needsOther = needsOther
        self.isVersioned = isVersioned
    }

    @inlinable
    func receiver<Key, This, Other, Result>(
        _ name: String,
        _ context: TaskContext,
        _ outlet: Outlet<Key, Change<Result>>,
        _ lookup: TableLookup<Key, Other>,
        sendsOldValues: Bool,
        _ joiner: @escaping @Sendable (Key, This?, Other?) throws -> Result?
    ) -> Receiver<Key, Change<This>> {
        Receiver(name: name, context: context) { record in
            let change = record.value
            if isVersioned, !change.isLatest { return context.drop(.outOfOrder, node: name) }
            let other = try lookup.value(record.key)
            if other == nil, needsOther || change.new == nil && change.old == nil { return }
            func joined(_ value: This?) throws -> Result? {
                if value == nil, needsThis || other == nil { return nil }
                return try joiner(record.key, value, other?.value)
            }
            let result = Change(
                new: try joined(change.new),
                old: sendsOldValues ? try joined(change.old) : nil,
                isLatest: change.isLatest
            )
            try outlet.forward(
                Record(
                    key: record.key,
                    value: result,
                    timestamp: max(record.timestamp, other?.timestamp ?? .unknown),
                    headers: record.headers
                )
            )
        }
    }
}

/// Joins what both tables have of a key, for those that look a result up that is not kept.
@inlinable
func joinedView<Key, Left, Right, Result>(
    _ left: TableView<Key, Left>,
    _ right: TableView<Key, Right>,
    needsLeft: Bool,
    needsRight: Bool,
    _ joiner: @escaping @Sendable (Key, Left?, Right?) throws -> Result?
) -> TableView<Key, Result> {
    let rightStores = right.stores.filter { !left.stores.contains($0) }
    return TableView(stores: left.stores + rightStores) { assembly in
        let lefts = try left.open(assembly)
        let rights = try right.open(assembly)
        func joined(
            _ key: Key,
            _ left: (value: Left, timestamp: Timestamp)?,
            _ right: (value: Right, timestamp: Timestamp)?
        ) throws -> (value: Result, timestamp: Timestamp)? {
            if left == nil, needsLeft || right == nil { return nil }
            if right == nil, needsRight { return nil }
            guard let result = try joiner(key, left?.value, right?.value) else { return nil }
            return (result, max(left?.timestamp ?? .unknown, right?.timestamp ?? .unknown))
        }
        return TableLookup { key in
            try joined(key, try lefts.value(key), try rights.value(key))
        } told: { key in
            try joined(key, try lefts.told(key), try rights.told(key))
        }
    }
}
