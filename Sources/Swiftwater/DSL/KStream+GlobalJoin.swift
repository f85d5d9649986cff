extension KStream {
    /// Joins each record with the entry of a global table that a key made of the record names; without one it ends here.
    ///
    /// A record for which no key is made is dropped, also if it has a key of its own (S-22).
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - key: gives the table's key; nil names none.
    ///   - joiner: makes the result's value of the record's and the table's.
    @_disfavoredOverload
    @inlinable
    public func join<TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Value) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Value, TableValue) throws -> Result
    ) -> KStream<Key, Result> {
        joining(table, named, upstream, isLeft: false, key) { _, value, entry in
            guard let entry else { return nil }
            return .some(try joiner(value, entry))
        }
    }

    /// Joins each record with an entry of a global table; the joiner also gets the record's key (KIP-149).
    @_disfavoredOverload
    @inlinable
    public func join<TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Value) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Key, Value, TableValue) throws -> Result
    ) -> KStream<Key, Result> {
        joining(table, named, upstream, isLeft: false, key) { own, value, entry in
            guard let entry else { return nil }
            return .some(try joiner(own, value, entry))
        }
    }

    /// Joins each record with an entry of a global table; records without a value are dropped (S-22).
    @inlinable
    public func join<Wrapped, TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Wrapped) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Wrapped, TableValue) throws -> Result
    ) -> KStream<Key, Result> where Value == Wrapped? {
        joining(table, named, upstream.unwrappingValue(), isLeft: false, key) { _, value, entry in
            guard let entry else { return nil }
            return .some(try joiner(value, entry))
        }
    }

    /// Joins each record with an entry of a global table; the joiner also gets the key, no value is dropped (S-22).
    @inlinable
    public func join<Wrapped, TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Wrapped) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Key, Wrapped, TableValue) throws -> Result
    ) -> KStream<Key, Result> where Value == Wrapped? {
        joining(table, named, upstream.unwrappingValue(), isLeft: false, key) { own, value, entry in
            guard let entry else { return nil }
            return .some(try joiner(own, value, entry))
        }
    }

    /// Joins each record with the entry of a global table that a key made of the record names, or with nil.
    ///
    /// A record for which no key is made is dropped, unless its own key is nil (S-23).
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - key: gives the table's key; nil names none.
    ///   - joiner: makes the result's value of the record's and the table's.
    @_disfavoredOverload
    @inlinable
    public func leftJoin<TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Value) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> {
        joining(table, named, upstream, isLeft: true, key) { _, value, entry in .some(try joiner(value, entry)) }
    }

    /// Joins each record with an entry of a global table or nil; the joiner also gets the record's key (KIP-149).
    @_disfavoredOverload
    @inlinable
    public func leftJoin<TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Value) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Key, Value, TableValue?) throws -> Result
    ) -> KStream<Key, Result> {
        joining(table, named, upstream, isLeft: true, key) { own, value, entry in .some(try joiner(own, value, entry)) }
    }

    /// Joins each record with an entry of a global table or nil; records without a value are dropped (S-23).
    @inlinable
    public func leftJoin<Wrapped, TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Wrapped) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Wrapped, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Value == Wrapped? {
        joining(table, named, upstream.unwrappingValue(), isLeft: true, key) { _, value, entry in
            .some(try joiner(value, entry))
        }
    }

    /// Joins each record with an entry of a global table or nil; the joiner also gets the key, no value is dropped (S-23).
    @inlinable
    public func leftJoin<Wrapped, TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        named: String? = nil,
        on key: @escaping @Sendable (Key, Wrapped) throws -> TableKey?,
        _ joiner: @escaping @Sendable (Key, Wrapped, TableValue?) throws -> Result
    ) -> KStream<Key, Result> where Value == Wrapped? {
        joining(table, named, upstream.unwrappingValue(), isLeft: true, key) { own, value, entry in
            .some(try joiner(own, value, entry))
        }
    }

    @inlinable
    func joining<Input, TableKey, TableValue, Result>(
        _ table: GlobalKTable<TableKey, TableValue>,
        _ named: String?,
        _ upstream: Upstream<Key, Input>,
        isLeft: Bool,
        _ tableKey: @escaping @Sendable (Key, Input) throws -> TableKey?,
        _ join: @escaping @Sendable (Key, Input, TableValue?) throws -> Result?
    ) -> KStream<Key, Result> {
        let name = graph.name(named, or: "KSTREAM-LEFTJOIN-")
        if graph !== table.graph {
            graph.fail(StreamsError(.invalidTopology, "stream and table are of two builders", at: .init(node: name)))
        }
        graph.note(name, .changesValue, after: [upstream.node])
        let store = table.store.name
        let keySerde = table.keySerde
        let valueSerde = table.valueSerde
        let joined: Upstream<Key, Result> = graph.addOperator(name, after: [upstream]) { assembly, outlet in
            let entries = try assembly.globalTable(store, key: keySerde, value: valueSerde)
            return Receiver(name: name, context: assembly.context) { record in
                guard let key = try tableKey(record.key, record.value) else {
                    guard isLeft, isNull(record.key) else {
                        return assembly.context.drop(.nullKey, node: name)
                    }
                    if let result = try join(record.key, record.value, nil) {
                        try outlet.forward(record.with(value: result))
                    }
                    return
                }
                if let result = try join(record.key, record.value, try entries.value(of: key)) {
                    try outlet.forward(record.with(value: result))
                }
            }
        }
        return KStream<Key, Result>(
            graph: graph,
            upstream: joined,
            keySerde: self.keySerde,
            valueSerde: nil,
            isRepartitionRequired: isRepartitionRequired
        )
    }
}
