/// A partition queue that knows its types: the source node of a running task.
final class SourceQueue<Key, Value>: PartitionQueue {
    private let node: String
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let extractor: any TimestampExtractor
    private let outlet: Outlet<Key, Value>
    private var keyContext: SerdeContext
    private var valueContext: SerdeContext
    private var head: Record<Key, Value>?

    init(
        source: TopicPartition,
        node: String,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        extractor: any TimestampExtractor,
        outlet: Outlet<Key, Value>,
        context: TaskContext
    ) {
        self.node = node
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.extractor = extractor
        self.outlet = outlet
        self.keyContext = SerdeContext(topic: source.topic, component: .key)
        self.valueContext = SerdeContext(topic: source.topic, component: .value)
        super.init(source: source, context: context)
    }

    override func readHead(_ batch: RecordBatch, _ index: Int) throws -> Timestamp? {
        let headers = batch.headers(at: index)
        var record: Record<Key, Value>
        do {
            if !headers.isEmpty || !keyContext.headers.isEmpty {
                keyContext.headers = headers
                valueContext.headers = headers
            }
            record = try batch.withRecord(at: index) { key, value in
                Record(
                    key: try keySerde.read(key, keyContext),
                    value: try valueSerde.read(value, valueContext),
                    timestamp: batch.timestamp(at: index),
                    headers: headers
                )
            }
        } catch {
            try handle(error, batch, index)
            return nil
        }
        record.timestamp = try extractor.timestamp(
            of: record,
            metadata: RecordMetadata(
                topic: source.topic,
                partition: source.partition,
                offset: batch.offset(at: index)
            ),
            partitionTime: partitionTime
        )
        if record.timestamp.rawValue < 0 {
            drop(.invalidTimestamp, batch, index)
            return nil
        }
        head = record
        return record.timestamp
    }

    override func forwardHead() throws {
        guard let record = head else { return }
        head = nil
        try outlet.forward(record)
    }

    override func dropHead() {
        head = nil
    }

    private func handle(_ error: any Error, _ batch: RecordBatch, _ index: Int) throws {
        let metadata = RecordMetadata(
            topic: source.topic,
            partition: source.partition,
            offset: batch.offset(at: index)
        )
        let failure = DeserializationFailure(
            metadata: metadata,
            timestamp: batch.timestamp(at: index),
            headers: batch.headers(at: index),
            rawKey: batch.key(at: index),
            rawValue: batch.value(at: index),
            task: context.taskID,
            node: node,
            error: error
        )
        switch try context.settings.deserializationHandler.handle(failure) {
        case .resume:
            drop(.deserialization, batch, index, cause: error)
        case .fail:
            throw StreamsError(
                .deserialization,
                "a record cannot be read; mend the producer or the serde, or set a handler that goes on (.logAndContinue)",
                at: .init(
                    task: context.taskID.description,
                    node: node,
                    topic: metadata.topic,
                    partition: metadata.partition,
                    offset: metadata.offset
                ),
                cause: error
            )
        }
    }

    private func drop(_ reason: DropReason, _ batch: RecordBatch, _ index: Int, cause: (any Error)? = nil) {
        let metadata = RecordMetadata(
            topic: source.topic,
            partition: source.partition,
            offset: batch.offset(at: index)
        )
        context.dropped.add(reason, node: node, record: metadata, cause: cause)
    }
}
