/// Where a record came from.
public struct RecordMetadata: Sendable, Hashable {
    /// The topic that it was read from.
    public var topic: String
    /// The partition of that topic.
    public var partition: Int32
    /// Its offset in the partition.
    public var offset: Int64

    /// Creates metadata.
    public init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}
