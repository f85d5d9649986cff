/// A table as those behind a suppression may see it: of a key that is held back the value before, of others the current one.
func suppressedView<Key, Value>(
    of parent: TableView<Key, Value>,
    store: String,
    keySerde: Serde<Key>,
    valueSerde: Serde<Value>
) -> TableView<Key, Value> {
    TableView(stores: parent.stores + [store]) { assembly in
        let current = try parent.open(assembly)
        let bytes = try assembly.store(named: store)
        let queue = SuppressionQueue(bytes)
        let keyWriter = ByteWriter()
        let topic = bytes.definition.changelogTopic(applicationID: assembly.context.settings.applicationID)
        let keyContext = SerdeContext(topic: topic, component: .key)
        let valueContext = SerdeContext(topic: topic, component: .value)
        func value(
            _ key: Key,
            orIfNotHeld lookup: (Key) throws -> (value: Value, timestamp: Timestamp)?
        ) throws -> (value: Value, timestamp: Timestamp)? {
            keyWriter.clear()
            guard try keySerde.write(key, to: keyWriter, keyContext) else { throw bytes.nullKey() }
            guard let held = try keyWriter.withUnsafeBytes({ try queue.held($0) }) else { return try lookup(key) }
            return try held.prior.map { prior in
                (try prior.withUnsafeBytes { try valueSerde.read($0, valueContext) }, .unknown)
            }
        }
        return TableLookup { key in
            try value(key, orIfNotHeld: current.value)
        } told: { key in
            try value(key, orIfNotHeld: current.told)
        }
    }
}
