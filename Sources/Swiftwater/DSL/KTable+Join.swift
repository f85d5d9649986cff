extension KTable {
    /// Joins the values of the keys that both tables have; the result follows every change of either (T-06).
    ///
    /// Both tables must have as many partitions. Without a store the result is a view, and the joiner must be pure.
    ///
    /// - Parameters:
    ///   - other: the right table.
    ///   - materialized: a store to keep the result in; without one it is a view of the two tables.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - joiner: makes the result of the left and the right value; nil is no result.
    public func join<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Value, Other) throws -> Result?
    ) -> KTable<Key, Result> {
        join(other, as: materialized, named: named) { _, left, right in try joiner(left, right) }
    }

    /// Joins the values of the keys that both tables have; the joiner also sees the key (KIP-149).
    public func join<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Key, Value, Other) throws -> Result?
    ) -> KTable<Key, Result> {
        TableJoin(self, other, needsLeft: true, needsRight: true, materialized, named) { key, left, right in
            guard let left, let right else { return nil }
            return try joiner(key, left, right)
        }.add()
    }

    /// Joins like the inner join; keys that the left table alone has are joined with nil.
    public func leftJoin<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Value, Other?) throws -> Result?
    ) -> KTable<Key, Result> {
        leftJoin(other, as: materialized, named: named) { _, left, right in try joiner(left, right) }
    }

    /// Joins like ``leftJoin(_:as:named:_:)``; the joiner also sees the key (KIP-149).
    public func leftJoin<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Key, Value, Other?) throws -> Result?
    ) -> KTable<Key, Result> {
        TableJoin(self, other, needsLeft: true, needsRight: false, materialized, named) { key, left, right in
            guard let left else { return nil }
            return try joiner(key, left, right)
        }.add()
    }

    /// Joins like the inner join; keys that one table alone has are joined with nil for the other.
    public func outerJoin<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Value?, Other?) throws -> Result?
    ) -> KTable<Key, Result> {
        outerJoin(other, as: materialized, named: named) { _, left, right in try joiner(left, right) }
    }

    /// Joins like ``outerJoin(_:as:named:_:)``; the joiner also sees the key (KIP-149).
    public func outerJoin<Other, Result>(
        _ other: KTable<Key, Other>,
        as materialized: Materialized<Key, Result>? = nil,
        named: String? = nil,
        _ joiner: @escaping @Sendable (Key, Value?, Other?) throws -> Result?
    ) -> KTable<Key, Result> {
        TableJoin(self, other, needsLeft: false, needsRight: false, materialized, named, joiner).add()
    }
}
