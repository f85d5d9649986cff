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
        try context.failures.deserialization(error, batch, index, at: metadata(batch, index), node: node)
    }

    @usableFromInline
    func drop(_ reason: DropReason, _ batch: RecordBatch, _ index: Int) {
        context.dropped.add(reason, node: node, record: metadata(batch, index))
    }

    private func metadata(_ batch: RecordBatch, _ index: Int) -> RecordMetadata {
        RecordMetadata(topic: source.topic, partition: source.partition, offset: batch.offset(at: index))
    }
}
