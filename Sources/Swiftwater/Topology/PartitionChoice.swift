/// Which partitions of a topic a record is written to; what a ``StreamPartitioner`` decides (KIP-837).
public enum PartitionChoice: Sendable, Hashable {
    /// Kafka's default: the murmur2 of the key's bytes; a record without a key joins others for a while.
    case byKey
    /// One partition, from 0 to below the topic's count.
    case one(Int32)
    /// A copy for each of these partitions, in the order of their numbers; none drops the record.
    case several(Set<Int32>)

    /// No partition: the record is left out and counted (``DropReason/noPartition``).
    public static let nowhere = PartitionChoice.several([])
}
