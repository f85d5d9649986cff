/// What a consumer tells its owner besides messages, in the order in which it happened after the messages of the same poll.
package enum ConsumerEvent: Sendable {
    /// The group gave these partitions to the member. The owner answers with `assign` (or, under the cooperative protocol,
    /// `incrementalAssign`), of these or of other partitions; until then nothing is fetched.
    case assigned([TopicPartition])
    /// The group takes these partitions away, and waits for `unassign` (or `incrementalUnassign`). If `lost`, another member
    /// may own them already: nothing can be committed for them.
    case revoked([TopicPartition], lost: Bool)
    /// All records of the partition were handed over; `offset` is the next one to come. Needs `enable.partition.eof`.
    case endOfPartition(TopicPartition, number: Int, offset: Int64)
    /// The outcome of an asynchronous commit.
    case committed(token: Int, offsets: [PartitionOffset], error: KafkaError?)
    /// The consumer could not fetch or belong to its group, such as `maxPollExceeded` or `noValidOffset`.
    case failed(KafkaError, TopicPartition?)
    case client(ClientEvent)
}
