extension KTable {
    /// Joins each row with the row of another table that a key made of its value names (KIP-213).
    ///
    /// The tables need not have equally many partitions. A change of either side tells the result anew, a nil result or a
    /// missing row deletes it; a deletion may be told that never was a result. Left values must be written as equal bytes when
    /// they are equal: a response to other bytes than the row's is dropped (S-84).
    ///
    /// As in Kafka Streams 3.9, a change from or to a row for which no key is made is left out and counted, which leaves the
    /// row's result as it was (S-27); filter such rows out of the left table, or use the left join.
    ///
    /// Where a table is cached the join knows of its rows what the cache has told, so that results are late by a commit at most
    /// and never of a row that came and went meanwhile.
    ///
    /// ```swift
    /// orders.join(customers, on: { $0.customerID }) { order, customer in … }
    /// ```
    ///
    /// - Parameters:
    ///   - other: the right table.
    ///   - joined: names and partitioners.
    ///   - materialized: a store to keep the result in; without one nothing is kept.
    ///   - foreignKey: gives the key of the right row; nil names none.
    ///   - joiner: makes the result's value of the left and the right one; nil deletes.
    public func join<ForeignKey, ForeignValue, Result>(
        _ other: KTable<ForeignKey, ForeignValue>,
        joined: TableJoined<Key, ForeignKey> = TableJoined(),
        as materialized: Materialized<Key, Result>? = nil,
        on foreignKey: @escaping @Sendable (Value) throws -> ForeignKey?,
        _ joiner: @escaping @Sendable (Value, ForeignValue) throws -> Result?
    ) -> KTable<Key, Result> {
        join(other, joined: joined, as: materialized, on: { _, value in try foreignKey(value) }, joiner)
    }

    /// Joins each row with the row of another table that a key made of its key and value names (KIP-1104).
    public func join<ForeignKey, ForeignValue, Result>(
        _ other: KTable<ForeignKey, ForeignValue>,
        joined: TableJoined<Key, ForeignKey> = TableJoined(),
        as materialized: Materialized<Key, Result>? = nil,
        on foreignKey: @escaping @Sendable (Key, Value) throws -> ForeignKey?,
        _ joiner: @escaping @Sendable (Value, ForeignValue) throws -> Result?
    ) -> KTable<Key, Result> {
        ForeignKeyJoin(left: self, right: other, joined: joined, isLeft: false, foreignKey: foreignKey) { left, right in
            try right.flatMap { try joiner(left, $0) }
        }.add(as: materialized)
    }

    /// Joins each row with the row of another table that a key made of its value names, or with nil.
    ///
    /// What is said at ``join(_:joined:as:on:_:)-(_,_,_,(Value)->ForeignKey?,_)`` holds, but every row has a result. When a row's
    /// key changes the row with nil may be told before its result, and more than once.
    public func leftJoin<ForeignKey, ForeignValue, Result>(
        _ other: KTable<ForeignKey, ForeignValue>,
        joined: TableJoined<Key, ForeignKey> = TableJoined(),
        as materialized: Materialized<Key, Result>? = nil,
        on foreignKey: @escaping @Sendable (Value) throws -> ForeignKey?,
        _ joiner: @escaping @Sendable (Value, ForeignValue?) throws -> Result?
    ) -> KTable<Key, Result> {
        leftJoin(other, joined: joined, as: materialized, on: { _, value in try foreignKey(value) }, joiner)
    }

    /// Joins each row with the row of another table that a key made of its key and value names, or with nil (KIP-1104).
    public func leftJoin<ForeignKey, ForeignValue, Result>(
        _ other: KTable<ForeignKey, ForeignValue>,
        joined: TableJoined<Key, ForeignKey> = TableJoined(),
        as materialized: Materialized<Key, Result>? = nil,
        on foreignKey: @escaping @Sendable (Key, Value) throws -> ForeignKey?,
        _ joiner: @escaping @Sendable (Value, ForeignValue?) throws -> Result?
    ) -> KTable<Key, Result> {
        ForeignKeyJoin(left: self, right: other, joined: joined, isLeft: true, foreignKey: foreignKey, joiner: joiner)
            .add(as: materialized)
    }
}
