/// The left side of a foreign-key join: tells the tasks of a row's old and new foreign key about each change (S-83).
///
/// As Kafka Streams 3.9 does it, an inner join leaves out every change from or to a row without a foreign key (S-27).
final class SubscriptionSend<PrimaryKey, Value, ForeignKey>: Processor<PrimaryKey, Change<Value>> {
    private let isLeft: Bool
    private let foreignKey: @Sendable (PrimaryKey, Value) throws -> ForeignKey?
    private let hasher: ValueHasher<Value>
    private let foreignKeySerde: Serde<ForeignKey>
    private let foreignContext: SerdeContext
    /// Where a foreign key's task is; nil is Kafka's hash of the key.
    private let partitioner: StreamPartitioner<ForeignKey, Void>?
    private let registrations: OutputTopic
    private let oldWriter = ByteWriter()
    private let newWriter = ByteWriter()
    private let outlet: Outlet<ForeignKey?, Subscription<PrimaryKey>>

    init(
        name: String,
        context: TaskContext,
        isLeft: Bool,
        hasher: ValueHasher<Value>,
        foreignKeySerde: Serde<ForeignKey>,
        partitioner: StreamPartitioner<ForeignKey, Void>?,
        registrations: OutputTopic,
        outlet: Outlet<ForeignKey?, Subscription<PrimaryKey>>,
        foreignKey: @escaping @Sendable (PrimaryKey, Value) throws -> ForeignKey?
    ) {
        self.isLeft = isLeft
        self.foreignKey = foreignKey
        self.hasher = hasher
        self.foreignKeySerde = foreignKeySerde
        self.foreignContext = SerdeContext(topic: registrations.name + "-fk", component: .key)
        self.partitioner = partitioner
        self.registrations = registrations
        self.outlet = outlet
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<PrimaryKey, Change<Value>>) throws {
        let change = record.value
        if !change.isLatest { return context.drop(.outOfOrder, node: name) }
        let old = try change.old.flatMap { try foreignKey(record.key, $0) }
        let new = try change.new.flatMap { try foreignKey(record.key, $0) }
        if isLeft { try sendLeft(record, old, new) } else { try sendInner(record, old, new) }
    }

    private func sendLeft(
        _ record: Record<PrimaryKey, Change<Value>>,
        _ old: ForeignKey?,
        _ new: ForeignKey?
    ) throws {
        if record.value.old == nil, record.value.new == nil { return }
        if let old, try isOther(old, new) {
            // From another task the answer that there is nothing could come behind the new key's, with the same hash. Kafka
            // Streams 3.9 takes that chance; the new key's answer is all that is needed.
            let isAhead = try new.map { try partition(old, oldWriter) == partition($0, newWriter) } ?? true
            try send(record, old, isAhead ? .unsubscribeAndTell : .unsubscribe)
        }
        // Also without a foreign key: the answer, from any task, is the row with nothing.
        try send(record, new, .subscribeAndTell)
    }

    private func sendInner(
        _ record: Record<PrimaryKey, Change<Value>>,
        _ old: ForeignKey?,
        _ new: ForeignKey?
    ) throws {
        if record.value.old != nil {
            guard let old else { return context.drop(.nullForeignKey, node: name) }
            guard record.value.new != nil else { return try send(record, old, .unsubscribeAndTell) }
            guard let new else { return context.drop(.nullForeignKey, node: name) }
            if try isOther(old, new) { try send(record, old, .unsubscribe) }
            // What the old foreign key gave has to be taken back, also where the new one gives nothing.
            try send(record, new, .subscribeAndTell)
        } else if record.value.new != nil {
            guard let new else { return context.drop(.nullForeignKey, node: name) }
            try send(record, new, .subscribe)
        }
    }

    /// The partition of a foreign key, whose bytes a writer holds.
    private func partition(_ foreignKey: ForeignKey, _ writer: ByteWriter) throws -> Int32 {
        let count = registrations.partitionCount
        if let chosen = try partitioner?.partition(foreignKey, (), count) { return chosen }
        return writer.withUnsafeBytes { bytes in
            let plain = UnsafeRawBufferPointer(rebasing: bytes.dropLast(foreignKeySerde.windowByteCount))
            return DefaultPartitioner.partition(of: plain, count: count)
        }
    }

    /// Whether two foreign keys are different bytes, which the writers hold then.
    private func isOther(_ old: ForeignKey, _ new: ForeignKey?) throws -> Bool {
        guard let new else { return true }
        oldWriter.clear()
        newWriter.clear()
        _ = try foreignKeySerde.write(old, to: oldWriter, foreignContext)
        _ = try foreignKeySerde.write(new, to: newWriter, foreignContext)
        return oldWriter.withUnsafeBytes { old in newWriter.withUnsafeBytes { !equal(old, $0) } }
    }

    private func send(
        _ record: Record<PrimaryKey, Change<Value>>,
        _ foreignKey: ForeignKey?,
        _ instruction: SubscriptionInstruction
    ) throws {
        let subscription = Subscription(
            hash: try record.value.new.flatMap { try hasher.hash($0) },
            instruction: instruction,
            primaryKey: record.key,
            primaryPartition: context.taskID.partition
        )
        try outlet.forward(record.with(key: foreignKey).with(value: subscription))
    }
}
