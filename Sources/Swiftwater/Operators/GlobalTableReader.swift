/// A typed view of a global table for one operator, as it owns scratch memory.
@usableFromInline
final class GlobalTableReader<Key, Value> {
    private let view: any StateReading
    private let definition: StoreDefinition
    private let index: Int
    private let meter: StoreMeter
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let keyWriter = ByteWriter()
    private let keyContext: SerdeContext
    private let valueContext: SerdeContext

    init(
        _ view: any StateReading,
        _ definition: StoreDefinition,
        index: Int,
        meter: StoreMeter,
        key: Serde<Key>,
        value: Serde<Value>
    ) {
        self.view = view
        self.definition = definition
        self.index = index
        self.meter = meter
        self.keySerde = key
        self.valueSerde = value
        keyContext = SerdeContext(topic: definition.name, component: .key)
        valueContext = SerdeContext(topic: definition.name, component: .value)
    }

    @usableFromInline
    func value(of key: Key) throws -> Value? {
        try meter.measure(.get) { try find(key) }
    }

    private func find(_ key: Key) throws -> Value? {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: definition.name))
        }
        return try keyWriter.withUnsafeBytes { bytes in
            guard let stored = try view.value(of: bytes, in: index) else { return nil }
            return try valueSerde.read(TimestampedValue.plain(stored), valueContext)
        }
    }
}
