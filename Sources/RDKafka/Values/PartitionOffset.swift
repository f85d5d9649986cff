/// An offset in a partition, with the text committed beside it and what went wrong with just this partition.
package struct PartitionOffset: Hashable, Sendable {
    package var topicPartition: TopicPartition
    package var offset: Int64
    package var metadata: String?
    package var error: KafkaErrorCode?

    package init(
        _ topicPartition: TopicPartition, _ offset: Int64, metadata: String? = nil, error: KafkaErrorCode? = nil
    ) {
        self.topicPartition = topicPartition
        self.offset = offset
        self.metadata = metadata
        self.error = error
    }
}
