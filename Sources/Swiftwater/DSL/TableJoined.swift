/// How a foreign-key join of tables is named and partitioned; the counterpart of `TableJoined` (KIP-775).
///
/// A partitioner is needed where the topics of a table are not partitioned by Kafka's hash of the key.
public struct TableJoined<Key, ForeignKey>: Sendable {
    /// The beginning of the names of nodes, store and topics; nil lets the library number them.
    public var name: String?
    /// Which partition of the left table a key is in; nil sends each response to where the left row came from (S-85).
    public var partitioner: StreamPartitioner<Key, Void>?
    /// Which partition of the right table a key is in; nil is Kafka's hash of the key.
    public var otherPartitioner: StreamPartitioner<ForeignKey, Void>?

    /// Describes a join.
    public init(
        named name: String? = nil,
        partitioner: StreamPartitioner<Key, Void>? = nil,
        otherPartitioner: StreamPartitioner<ForeignKey, Void>? = nil
    ) {
        self.name = name
        self.partitioner = partitioner
        self.otherPartitioner = otherPartitioner
    }
}
