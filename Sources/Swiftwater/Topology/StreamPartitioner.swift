/// Chooses the partitions of a record that is written; the default is Kafka's: murmur2 of the key's bytes (F-01).
///
/// ```swift
/// let loudOnesEverywhere = StreamPartitioner<String, Alarm> { _, alarm, count in
///     alarm.isLoud ? .several(Set(0..<count)) : .byKey
/// }
/// ```
public struct StreamPartitioner<Key, Value>: Sendable {
    @usableFromInline
    let choose: @Sendable (_ key: Key, _ value: Value, _ partitionCount: Int32) throws -> PartitionChoice

    /// A partitioner from a function that gives a number from 0 to below the count.
    public init(_ partition: @escaping @Sendable (Key, Value, _ partitionCount: Int32) throws -> Int32) {
        choose = { key, value, count in .one(try partition(key, value, count)) }
    }

    /// A partitioner that may leave the choice to the default, drop the record or copy it to several partitions (KIP-837).
    @_disfavoredOverload
    public init(_ choose: @escaping @Sendable (Key, Value, _ partitionCount: Int32) throws -> PartitionChoice) {
        self.choose = choose
    }

    /// A partitioner that may leave the choice to the default.
    init(orDefault partition: @escaping @Sendable (Key, Value, _ partitionCount: Int32) throws -> Int32?) {
        choose = { key, value, count in try partition(key, value, count).map(PartitionChoice.one) ?? .byKey }
    }

    /// The one partition of a record that can have no more and no fewer; nil leaves the choice to the default.
    func partition(_ key: Key, _ value: Value, _ partitionCount: Int32) throws -> Int32? {
        switch try choose(key, value, partitionCount) {
        case .byKey: return nil
        case .one(let partition): return partition
        case .several(let partitions):
            guard let only = partitions.first, partitions.count == 1 else {
                throw StreamsError(
                    .invalidConfiguration,
                    "the partitioner chose \(partitions.count) partitions: a foreign-key join needs one, to find its way back"
                )
            }
            return only
        }
    }
}
