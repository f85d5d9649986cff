/// A sink of a running task: where records are written, with memory that is used from record to record.
@usableFromInline
final class SinkSite {
    @usableFromInline let name: String
    @usableFromInline let context: TaskContext
    @usableFromInline let topic: OutputTopic
    @usableFromInline let keyWriter = ByteWriter()
    @usableFromInline let valueWriter = ByteWriter()
    @usableFromInline let keyContext: SerdeContext
    @usableFromInline let valueContext: SerdeContext
    /// Records without a key stay on one partition for a while, which makes full batches.
    private var stickyCount: Int32 = 0

    @usableFromInline
    init(name: String, context: TaskContext, topic: OutputTopic) {
        self.name = name
        self.context = context
        self.topic = topic
        self.keyContext = SerdeContext(topic: topic.name, component: .key)
        self.valueContext = SerdeContext(topic: topic.name, component: .value)
    }

    /// Writes records with these serdes to the topic.
    @inlinable
    func receiver<Key, Value>(
        key keySerde: Serde<Key>,
        value valueSerde: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>?
    ) -> Receiver<Key, Value> {
        Receiver(name: name, context: context) { [self] record in
            keyWriter.clear()
            valueWriter.clear()
            let hasKey: Bool
            let hasValue: Bool
            var component = SerdeContext.Component.key
            do {
                keyContext.headers = record.headers
                hasKey = try keySerde.write(record.key, to: keyWriter, keyContext)
                valueContext.headers = keyContext.headers
                component = .value
                hasValue = try valueSerde.write(record.value, to: valueWriter, valueContext)
            } catch {
                return try unwritable(record, component, error)
            }
            if let partitioner {
                let choice = try partitioner.choose(record.key, record.value, topic.partitionCount)
                if choice != .byKey {
                    return try deliver(to: choice, hasKey: hasKey, hasValue: hasValue, timestamp: record.timestamp)
                }
            }
            try deliver(
                to: defaultPartition(hasKey: hasKey, windowByteCount: keySerde.windowByteCount),
                hasKey: hasKey,
                hasValue: hasValue,
                timestamp: record.timestamp
            )
        }
    }

    /// Sends what the writers hold, and asks the handler where that cannot be done.
    @inlinable
    func deliver(to partition: Int32, hasKey: Bool, hasValue: Bool, timestamp: Timestamp) throws {
        do {
            try send(hasKey: hasKey, hasValue: hasValue, timestamp: timestamp, partition: partition)
        } catch {
            try unsent(error, hasKey: hasKey, hasValue: hasValue, timestamp: timestamp, partition: partition)
        }
    }

    /// Sends what the writers hold to the partitions of a partitioner; with none the record is dropped.
    @usableFromInline
    func deliver(to choice: PartitionChoice, hasKey: Bool, hasValue: Bool, timestamp: Timestamp) throws {
        let partitions: [Int32]
        switch choice {
        case .byKey: return
        case .one(let partition): partitions = [partition]
        case .several(let several): partitions = several.sorted()
        }
        for partition in partitions { try check(partition) }
        if partitions.isEmpty { context.drop(.noPartition, node: name) }
        for partition in partitions {
            try deliver(to: partition, hasKey: hasKey, hasValue: hasValue, timestamp: timestamp)
        }
    }

    /// Sends what the writers hold.
    @usableFromInline
    func send(hasKey: Bool, hasValue: Bool, timestamp: Timestamp, partition: Int32) throws {
        try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes { value in
                try context.output.send(
                    to: topic,
                    partition: partition,
                    key: hasKey ? key : nil,
                    value: hasValue ? value : nil,
                    timestamp: timestamp,
                    headers: valueContext.headers
                )
            }
        }
    }

    /// The partition of the key that was written, of a windowed key that of what is before the window (S-93).
    @usableFromInline
    func defaultPartition(hasKey: Bool, windowByteCount: Int) -> Int32 {
        if hasKey {
            return keyWriter.withUnsafeBytes { key in
                DefaultPartitioner.partition(
                    of: UnsafeRawBufferPointer(rebasing: key.dropLast(windowByteCount)),
                    count: topic.partitionCount
                )
            }
        }
        stickyCount = (stickyCount + 1) & 0xff_ffff
        return (stickyCount / 256) % topic.partitionCount
    }

    @usableFromInline
    func check(_ partition: Int32) throws {
        guard partition >= 0, partition < topic.partitionCount else {
            throw StreamsError(
                .production,
                "the partitioner chose \(partition), the topic has partitions 0 to \(topic.partitionCount - 1)",
                at: place
            )
        }
    }

    /// Asks the handler about a record that cannot be written as bytes; throws if it does not want to go on.
    @usableFromInline
    func unwritable<Key, Value>(
        _ record: Record<Key, Value>,
        _ component: SerdeContext.Component,
        _ error: any Error
    ) throws {
        try context.failures.serialization(
            error,
            node: name,
            topic: topic.name,
            component: component,
            record: Record(key: record.key, value: record.value, timestamp: record.timestamp, headers: record.headers)
        )
    }

    /// Asks the handler about what the writers hold and could not be sent, as often as it wants it sent again.
    @usableFromInline
    func unsent(
        _ error: any Error,
        hasKey: Bool,
        hasValue: Bool,
        timestamp: Timestamp,
        partition: Int32
    ) throws {
        var latest = error
        while true {
            guard let undeliverable = latest as? UndeliverableRecord else { throw latest }
            let failure = ProductionFailure(
                origin: context.failures.origin(timestamp: timestamp),
                task: context.taskID,
                node: name,
                error: undeliverable.cause,
                topic: topic.name,
                partition: partition,
                key: hasKey ? keyWriter.bytes : nil,
                value: hasValue ? valueWriter.bytes : nil,
                isRetriable: undeliverable.isRetriable
            )
            guard try context.failures.production(failure) else { return }
            do {
                return try send(hasKey: hasKey, hasValue: hasValue, timestamp: timestamp, partition: partition)
            } catch {
                latest = error
            }
        }
    }

    private var place: StreamsError.Place {
        var place = context.place(node: name)
        place.topic = topic.name
        return place
    }
}
