/// Where a source reads and what it does with records that cannot be read; the part of a source that knows no types.
@usableFromInline
final class SourceSite {
    @usableFromInline let source: TopicPartition
    /// Whether the event time is Kafka's, as long as it is valid.
    @usableFromInline let takesKafkaTime: Bool
    private let node: String
    private let extractor: any TimestampExtractor
    private let context: TaskContext

    init(source: TopicPartition, node: String, extractor: any TimestampExtractor, context: TaskContext) {
        self.source = source
        self.node = node
        self.extractor = extractor
        self.context = context
        takesKafkaTime = extractor is FailOnInvalidTimestamp
    }

    @usableFromInline
    func timestamp<Key, Value>(
        of record: Record<Key, Value>,
        _ batch: RecordBatch,
        _ index: Int,
        _ partitionTime: Timestamp
    ) throws -> Timestamp {
        try extractor.timestamp(of: record, metadata: metadata(batch, index), partitionTime: partitionTime)
    }

    /// Asks the handler about bytes that could not be read; throws if it does not want to go on.
    @usableFromInline
    func handle(_ error: any Error, _ batch: RecordBatch, _ index: Int) throws {
        let metadata = metadata(batch, index)
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

    @usableFromInline
    func drop(_ reason: DropReason, _ batch: RecordBatch, _ index: Int, cause: (any Error)? = nil) {
        context.dropped.add(reason, node: node, record: metadata(batch, index), cause: cause)
    }

    private func metadata(_ batch: RecordBatch, _ index: Int) -> RecordMetadata {
        RecordMetadata(topic: source.topic, partition: source.partition, offset: batch.offset(at: index))
    }
}
