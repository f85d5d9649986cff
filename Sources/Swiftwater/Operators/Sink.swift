/// Writes records to a topic.
final class Sink<Key, Value>: Processor<Key, Value> {
    private let topic: OutputTopic
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let partitioner: StreamPartitioner<Key, Value>?
    private var keyWriter = ByteWriter()
    private var valueWriter = ByteWriter()
    private var keyContext: SerdeContext
    private var valueContext: SerdeContext
    /// Records without a key stay on one partition for a while, which makes full batches.
    private var stickyCount: Int32 = 0

    init(
        name: String,
        context: TaskContext,
        topic: OutputTopic,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>?
    ) {
        self.topic = topic
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.partitioner = partitioner
        self.keyContext = SerdeContext(topic: topic.name, component: .key)
        self.valueContext = SerdeContext(topic: topic.name, component: .value)
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        keyWriter.clear()
        valueWriter.clear()
        keyContext.headers = record.headers
        let hasKey: Bool
        let hasValue: Bool
        do {
            hasKey = try keySerde.write(record.key, to: &keyWriter, &keyContext)
            valueContext.headers = keyContext.headers
            hasValue = try valueSerde.write(record.value, to: &valueWriter, &valueContext)
        } catch {
            var place = context.place(node: name)
            place.topic = topic.name
            throw StreamsError(.serialization, "the record cannot be written as bytes", at: place, cause: error)
        }
        try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes { value in
                try context.output.send(
                    to: topic,
                    partition: try partition(of: record, hasKey ? key : nil),
                    key: hasKey ? key : nil,
                    value: hasValue ? value : nil,
                    timestamp: record.timestamp,
                    headers: valueContext.headers
                )
            }
        }
    }

    private func partition(of record: Record<Key, Value>, _ key: UnsafeRawBufferPointer?) throws -> Int32 {
        if let partitioner {
            let partition = try partitioner.partition(record.key, record.value, topic.partitionCount)
            guard partition >= 0, partition < topic.partitionCount else {
                var place = context.place(node: name)
                place.topic = topic.name
                throw StreamsError(
                    .production,
                    "the partitioner chose \(partition), the topic has partitions 0 to \(topic.partitionCount - 1)",
                    at: place
                )
            }
            return partition
        }
        if let key { return DefaultPartitioner.partition(of: key, count: topic.partitionCount) }
        stickyCount = (stickyCount + 1) & 0xff_ffff
        return (stickyCount / 256) % topic.partitionCount
    }
}
