/// A store that a table is kept in, with the types of its keys and values.
@usableFromInline
struct TableStore<Key, Value>: Sendable {
    @usableFromInline let definition: StoreDefinition
    @usableFromInline let keySerde: Serde<Key>
    @usableFromInline let valueSerde: Serde<Value>

    @inlinable
    init(_ definition: StoreDefinition, _ keySerde: Serde<Key>, _ valueSerde: Serde<Value>) {
        self.definition = definition
        self.keySerde = keySerde
        self.valueSerde = valueSerde
    }

    /// The store as one operator of a task uses it.
    @inlinable
    func open(_ assembly: TaskAssembly) throws -> TimestampedKeyValueStore<Key, Value> {
        TimestampedKeyValueStore(
            try assembly.store(named: definition.name),
            keySerde: keySerde,
            valueSerde: valueSerde,
            context: assembly.context
        )
    }

    /// The store for the operator that writes it, with what tells the changes downstream.
    @inlinable
    func open(
        _ assembly: TaskAssembly,
        outlet: Outlet<Key, Change<Value>>,
        sendsOldValues: Bool
    ) throws -> (TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>) {
        let store = try open(assembly)
        let changes = StoredChanges(
            store: store,
            outlet: outlet,
            isCached: assembly.isCached(definition),
            sendsOldValues: sendsOldValues
        )
        assembly.onFlush(of: definition) { try changes.flushCache() }
        return (store, changes)
    }

    /// What other operators read of it.
    @inlinable
    var view: TableView<Key, Value> {
        TableView(stores: [definition.name]) { assembly in
            let store = try open(assembly)
            if definition.isVersioned {
                return TableLookup(value: store.value(of:), told: store.value(of:), valueAsOf: store.value(of:asOf:))
            }
            return TableLookup(
                value: store.value(of:),
                told: assembly.isCached(definition) ? store.committedValue(of:) : store.value(of:)
            )
        }
    }
}
