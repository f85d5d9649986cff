extension KStream {
    /// Joins each record with the row of its key in a table, or with nil; a record without a key always with nil (S-21).
    ///
    /// What is said at `join` holds, but every record that has a value gives a result.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - joined: name, serdes and grace period.
    ///   - joiner: makes the result's value of the record's and the row's.
    @_disfavoredOverload
    public func leftJoin<TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { _, value, row in
            try joiner(value, row)
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; the joiner also sees the key (KIP-149).
    @_disfavoredOverload
    public func leftJoin<TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { key, value, row in
            try withKey(key) { try joiner($0, value, row) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; values may be nil.
    public func leftJoin<PlainValue, TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainValue, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { _, value, row in
            try joiner(value, row)
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; the joiner also sees the key (KIP-149).
    public func leftJoin<PlainValue, TableValue, Result>(
        _ table: KTable<Key, TableValue>,
        joined: Joined<Key, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, PlainValue, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { key, value, row in
            try withKey(key) { try joiner($0, value, row) }
        }.addKeyed(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; keys may be nil.
    @_disfavoredOverload
    public func leftJoin<PlainKey, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { _, value, row in
            try joiner(value, row)
        }.add(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; the joiner also sees the key (KIP-149).
    @_disfavoredOverload
    public func leftJoin<PlainKey, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, Value, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { key, value, row in
            try joiner(key, value, row)
        }.add(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; keys and values may be nil.
    public func leftJoin<PlainKey, PlainValue, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (PlainValue, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { _, value, row in
            try joiner(value, row)
        }.add(tableJoinInput(), of: graph)
    }

    /// Joins each record with the row of its key in a table or with nil; the joiner also sees the key (KIP-149).
    public func leftJoin<PlainKey, PlainValue, TableValue, Result>(
        _ table: KTable<PlainKey, TableValue>,
        joined: Joined<PlainKey, PlainValue, TableValue> = Joined(),
        _ joiner: @escaping @Sendable (Key, PlainValue, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamTableJoin(table: table, joined: joined, isLeft: true) { key, value, row in
            try joiner(key, value, row)
        }.add(tableJoinInput(), of: graph)
    }
}

/// Joins with a key, which a stream whose keys cannot be nil always has.
private func withKey<Key, Result>(_ key: Key?, _ joiner: (Key) throws -> Result) throws -> Result {
    guard let key else { throw StreamsError(.internal, "a record without the key that its type promises") }
    return try joiner(key)
}
