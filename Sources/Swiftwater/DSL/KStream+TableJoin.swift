extension KStream {
    /// Joins each record with the row of its key in a table, as it is when the record is processed; without one it ends here.
    ///
    /// Updates of the table tell nothing (S-77). A versioned table gives the row as of the record's time, and with a grace period
    /// the join waits for updates that come late (S-78). A record without key or value is dropped (S-20). Stream and table must have
    /// equally many partitions; a stream whose keys may have changed is repartitioned.
    ///
    /// ```swift
    /// orders.join(customers) { order, customer in … }
    /// ```
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - joined: name, serdes and grace period.
    ///   - joiner: makes the result's value of the record's and the row's.
    @_disfavoredOverload
    public func join<TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Value, TableValue) throws -> Result
    ) -> KStream<Key, Result> {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { _, value, row in
            try withRow(row) { try joiner(value, $0) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; the joiner also sees the key (KIP-149).
    @_disfavoredOverload
    public func join<TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, Value, TableValue) throws -> Result
    ) -> KStream<Key, Result> {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { key, value, row in
            try withBoth(key, row) { try joiner($0, value, $1) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; values may be nil.
    public func join<PlainValue, TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainValue, TableValue) throws -> Result
    ) -> KStream<Key, Result> where Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { _, value, row in
            try withRow(row) { try joiner(value, $0) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; the joiner also sees the key (KIP-149).
    public func join<PlainValue, TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, PlainValue, TableValue) throws -> Result
    ) -> KStream<Key, Result> where Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { key, value, row in
            try withBoth(key, row) { try joiner($0, value, $1) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; keys may be nil.
    @_disfavoredOverload
    public func join<PlainKey, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Value, TableValue) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { _, value, row in
            try withRow(row) { try joiner(value, $0) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; the joiner also sees the key (KIP-149).
    @_disfavoredOverload
    public func join<PlainKey, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainKey, Value, TableValue) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { key, value, row in
            try withBoth(key, row) { try joiner($0, value, $1) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; keys and values may be nil.
    public func join<PlainKey, PlainValue, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainValue, TableValue) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { _, value, row in
            try withRow(row) { try joiner(value, $0) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table; the joiner also sees the key (KIP-149).
    public func join<PlainKey, PlainValue, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainKey, PlainValue, TableValue) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: false) { key, value, row in
            try withBoth(key, row) { try joiner($0, value, $1) }
        }.addKeyed(tableJoinInput(), of: graph)
    }
}

/// Joins with a row, which an inner join always has.
private func withRow<Row, Result>(_ row: Row?, _ joiner: (Row) throws -> Result) throws -> Result {
    guard let row else { throw StreamsError(.internal, "an inner join without a row") }
    return try joiner(row)
}

/// Joins with a key and a row, which an inner join always has.
private func withBoth<Key, Row, Result>(
    _ key: Key?,
    _ row: Row?,
    _ joiner: (Key, Row) throws -> Result
) throws -> Result {
    guard let key, let row else { throw StreamsError(.internal, "an inner join without a row") }
    return try joiner(key, row)
}
