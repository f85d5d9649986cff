/// Holds updates of a table back until their window closes, or for a span of stream time (S-63 to S-67).
final class Suppress<Key, Value>: Processor<Key, Change<Value>> {
    /// When an update is due, how much may be held back, and what is told at all.
    struct Rules {
        /// The time at which the wait of a record begins.
        var time: @Sendable (Record<Key, Change<Value>>) -> Int64
        var wait: Int64
        var buffer: SuppressionBuffer
        /// Final results leave deletions out: a session that was merged away was never told (S-65).
        var dropsDeletions: Bool
    }

    private let rules: Rules
    private let queue: SuppressionQueue
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let outlet: Outlet<Key, Change<Value>>
    private let keyContext: SerdeContext
    private let valueContext: SerdeContext
    private let keyWriter = ByteWriter()
    private let valueWriter = ByteWriter()
    /// The latest time of an update seen here, which is not the task's (S-64).
    private var observedTime: Int64 = -1

    init(
        name: String,
        context: TaskContext,
        rules: Rules,
        store: KeyValueBytesStore,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        outlet: Outlet<Key, Change<Value>>
    ) {
        self.rules = rules
        self.queue = SuppressionQueue(store)
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.outlet = outlet
        let topic = store.definition.changelogTopic(applicationID: context.settings.applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Change<Value>>) throws {
        try queue.load()
        observedTime = max(observedTime, record.timestamp.rawValue)
        try hold(record)
        for (key, change) in try queue.take(upTo: observedTime.subtractingCapped(rules.wait)) { try emit(key, change) }
        if isOverfull { try makeRoom() }
    }

    private func hold(_ record: Record<Key, Change<Value>>) throws {
        keyWriter.clear()
        guard try keySerde.write(record.key, to: keyWriter, keyContext) else {
            throw StreamsError(.stateStore, "a suppressed update has no key", at: context.place(node: name))
        }
        let old = try bytes(record.value.old)
        let new = try bytes(record.value.new)
        try keyWriter.withUnsafeBytes { key in
            let held = try queue.held(key)
            let change = HeldChange(
                timestamp: record.timestamp.rawValue,
                offset: context.offset,
                topic: Array(context.topic.utf8),
                partition: context.partition,
                headers: record.headers,
                prior: held == nil ? old : held?.prior,
                old: old,
                new: new
            )
            try queue.put(change, key: key, time: rules.time(record), replacing: held)
        }
    }

    private var isOverfull: Bool {
        queue.count > rules.buffer.maxRecords ?? .max || queue.byteCount > rules.buffer.maxBytes ?? .max
    }

    private func makeRoom() throws {
        if rules.buffer.whenFull == .shutDown {
            throw StreamsError(
                .processing,
                "the suppression holds back \(queue.count) keys in \(queue.byteCount) bytes, more than it may: allow it more, or let it emit early",
                at: context.place(node: name)
            )
        }
        while isOverfull, let (key, change) = try queue.takeFirst() { try emit(key, change) }
    }

    /// With the time and headers of the last update held back, and as where that came from (S-66).
    private func emit(_ key: [UInt8], _ change: HeldChange) throws {
        if change.new == nil, rules.dropsDeletions { return }
        let record = Record(
            key: try key.withUnsafeBytes { try keySerde.read($0, keyContext) },
            value: Change(new: try value(change.new), old: try value(change.old)),
            timestamp: Timestamp(rawValue: change.timestamp),
            headers: change.headers
        )
        let (topic, partition, offset) = (context.topic, context.partition, context.offset)
        let current = context.timestamp
        defer {
            (context.topic, context.partition, context.offset) = (topic, partition, offset)
            context.timestamp = current
        }
        context.topic = String(decoding: change.topic, as: UTF8.self)
        context.partition = change.partition
        context.offset = change.offset
        context.timestamp = record.timestamp
        try outlet.forward(record)
    }

    private func bytes(_ value: Value?) throws -> [UInt8]? {
        guard let value else { return nil }
        valueWriter.clear()
        return try valueSerde.write(value, to: valueWriter, valueContext) ? valueWriter.bytes : nil
    }

    private func value(_ bytes: [UInt8]?) throws -> Value? {
        guard let bytes else { return nil }
        return try bytes.withUnsafeBytes { try valueSerde.read($0, valueContext) }
    }
}

extension Int64 {
    /// The sum, or the largest number: times come from outside and may be as late as there are.
    func addingCapped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The difference, or the smallest number.
    func subtractingCapped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}
