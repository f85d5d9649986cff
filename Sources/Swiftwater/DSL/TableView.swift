/// A table that can be asked for values: which stores that takes, and how one task opens it.
@usableFromInline
struct TableView<Key, Value>: Sendable {
    /// The stores that are read; the node that asks is connected to them.
    @usableFromInline let stores: [String]
    /// Makes the lookup of one node, which has scratch memory of its own.
    @usableFromInline let open: @Sendable (TaskAssembly) throws -> TableLookup<Key, Value>

    @inlinable
    init(stores: [String], open: @escaping @Sendable (TaskAssembly) throws -> TableLookup<Key, Value>) {
        self.stores = stores
        self.open = open
    }

    /// The values of this table changed by a function, which is called for every lookup; nil is no value.
    @inlinable
    func mapping<NewValue>(
        _ make: @escaping @Sendable (TaskAssembly) throws -> (Key, Value?) throws -> NewValue?
    ) -> TableView<Key, NewValue> {
        let open = open
        return TableView<Key, NewValue>(stores: stores) { assembly in
            let parent = try open(assembly)
            let transform = try make(assembly)
            func transformed(_ key: Key, _ found: (value: Value, timestamp: Timestamp)?) throws -> (
                value: NewValue, timestamp: Timestamp
            )? {
                guard let value = try transform(key, found?.value) else { return nil }
                return (value, found?.timestamp ?? .unknown)
            }
            return TableLookup<Key, NewValue> { key in
                try transformed(key, try parent.value(key))
            } told: { key in
                try transformed(key, try parent.told(key))
            } valueAsOf: { key, time in
                try transformed(key, try parent.valueAsOf(key, time))
            }
        }
    }
}
