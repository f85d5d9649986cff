/// How a key finds the partition of a store that has it.
public enum KeyPlacement<Key>: Sendable {
    /// By Kafka's default partitioner: murmur2 of the key's bytes, without the window of a windowed key (F-01, F-02).
    case byKey
    /// By the function that partitioned the topic: a number from 0 to below the count.
    case by(@Sendable (_ key: Key, _ partitionCount: Int32) throws -> Int32)
    /// Unknown: all partitions are asked. For stores whose keys are not those of the topics that the task reads.
    case anywhere
}
