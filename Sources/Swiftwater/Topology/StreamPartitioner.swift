/// Chooses the partition of a record that is written; the default is Kafka's: murmur2 of the key's bytes (F-01).
public struct StreamPartitioner<Key, Value>: Sendable {
    /// Nil leaves the choice to the default.
    @usableFromInline let partition: @Sendable (_ key: Key, _ value: Value, _ partitionCount: Int32) throws -> Int32?

    /// A partitioner from a function that gives a number from 0 to below the count.
    public init(_ partition: @escaping @Sendable (Key, Value, _ partitionCount: Int32) throws -> Int32) {
        self.partition = partition
    }

    /// A partitioner that may leave the choice to the default.
    init(orDefault partition: @escaping @Sendable (Key, Value, _ partitionCount: Int32) throws -> Int32?) {
        self.partition = partition
    }
}
