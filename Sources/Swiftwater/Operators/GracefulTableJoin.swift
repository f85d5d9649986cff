/// A stream-table join that holds records back for a grace period, so that updates of the table that come late are seen (S-78).
///
/// Each record is then joined in its own context, with the version of its time; one that comes too late to wait, at once.
final class GracefulTableJoin<Key, Value, Result>: Processor<Key?, Value?> {
    private let isLeft: Bool
    private let buffer: GraceBuffer
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let keyContext: SerdeContext
    private let valueContext: SerdeContext
    private let keyWriter = ByteWriter()
    private let valueWriter = ByteWriter()
    private let outlet: Outlet<Key?, Result>
    private let join: (Key?, Value, Timestamp) throws -> Result?

    /// - Parameter join: looks into the table as of a time and makes the result's value; nil is none.
    init(
        name: String,
        context: TaskContext,
        isLeft: Bool,
        store: KeyValueBytesStore,
        grace: Int64,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        outlet: Outlet<Key?, Result>,
        join: @escaping (Key?, Value, Timestamp) throws -> Result?
    ) {
        self.isLeft = isLeft
        self.buffer = GraceBuffer(store, grace: grace, context: context)
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.outlet = outlet
        self.join = join
        let topic = store.definition.changelogTopic(applicationID: context.settings.applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key?, Value?>) throws {
        guard let value = record.value else {
            return context.drop(record.key == nil ? .nullKey : .nullValue, node: name)
        }
        guard let key = record.key else {
            // S-21: without a key no row will ever come, there is nothing to wait for.
            guard isLeft else { return context.drop(.nullKey, node: name) }
            return try tell(record, value)
        }
        if try !hold(key, value, record) { try tell(record, value) }
        try buffer.takeDue { key, held in try tell(key, held) }
    }

    private func hold(_ key: Key, _ value: Value, _ record: Record<Key?, Value?>) throws -> Bool {
        keyWriter.clear()
        valueWriter.clear()
        keyContext.headers = record.headers
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a record that is held back has no key", at: context.place(node: name))
        }
        valueContext.headers = keyContext.headers
        guard try valueSerde.write(value, to: valueWriter, valueContext) else { return false }
        let bytes = valueWriter.bytes
        return try keyWriter.withUnsafeBytes {
            try buffer.put(key: $0, value: bytes, timestamp: record.timestamp, headers: valueContext.headers)
        }
    }

    /// Joins a record that was held back, with where and when it came.
    private func tell(_ key: [UInt8], _ held: HeldChange) throws {
        let (topic, partition, offset) = (context.topic, context.partition, context.offset)
        let timestamp = context.timestamp
        defer {
            (context.topic, context.partition, context.offset) = (topic, partition, offset)
            context.timestamp = timestamp
        }
        context.topic = String(decoding: held.topic, as: UTF8.self)
        context.partition = held.partition
        context.offset = held.offset
        context.timestamp = Timestamp(rawValue: held.timestamp)
        keyContext.headers = held.headers
        valueContext.headers = held.headers
        let record = Record<Key?, Value?>(
            key: try key.withUnsafeBytes { try keySerde.read($0, keyContext) },
            value: try (held.new ?? []).withUnsafeBytes { try valueSerde.read($0, valueContext) },
            timestamp: context.timestamp,
            headers: held.headers
        )
        if let value = record.value { try tell(record, value) }
    }

    private func tell(_ record: Record<Key?, Value?>, _ value: Value) throws {
        guard let result = try join(record.key, value, record.timestamp) else { return }
        try outlet.forward(record.with(value: result))
    }
}
