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
            do {
                keyContext.headers = record.headers
                hasKey = try keySerde.write(record.key, to: keyWriter, keyContext)
                valueContext.headers = keyContext.headers
                hasValue = try valueSerde.write(record.value, to: valueWriter, valueContext)
            } catch {
                throw unwritable(error)
            }
            var partition: Int32 = -1
            if let partitioner {
                partition = try partitioner.partition(record.key, record.value, topic.partitionCount)
                try check(partition)
            }
            try send(
                hasKey: hasKey,
                hasValue: hasValue,
                timestamp: record.timestamp,
                partition: partition,
                windowByteCount: keySerde.windowByteCount
            )
        }
    }

    /// Sends what the writers hold; a negative partition stands for the default partitioner's.
    @usableFromInline
    func send(
        hasKey: Bool,
        hasValue: Bool,
        timestamp: Timestamp,
        partition chosen: Int32,
        windowByteCount: Int
    ) throws {
        try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes { value in
                try context.output.send(
                    to: topic,
                    partition: chosen >= 0
                        ? chosen : defaultPartition(hasKey ? .init(rebasing: key.dropLast(windowByteCount)) : nil),
                    key: hasKey ? key : nil,
                    value: hasValue ? value : nil,
                    timestamp: timestamp,
                    headers: valueContext.headers
                )
            }
        }
    }

    private func defaultPartition(_ key: UnsafeRawBufferPointer?) -> Int32 {
        if let key { return DefaultPartitioner.partition(of: key, count: topic.partitionCount) }
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

    @usableFromInline
    func unwritable(_ error: any Error) -> StreamsError {
        StreamsError(.serialization, "the record cannot be written as bytes", at: place, cause: error)
    }

    private var place: StreamsError.Place {
        var place = context.place(node: name)
        place.topic = topic.name
        return place
    }
}
