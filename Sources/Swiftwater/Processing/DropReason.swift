/// Why a record was left out: counted by this reason (`dropped-records`), and logged once an interval unless it was asked for.
public enum DropReason: String, Sendable, CaseIterable {
    /// The operator needs a key and the record has none.
    case nullKey = "null-key"
    /// The operator needs a value and the record has none.
    case nullValue = "null-value"
    /// Key or value could not be read and the handler said to go on.
    case deserialization = "deserialization"
    /// The timestamp extractor gave a negative time (S-06).
    case invalidTimestamp = "invalid-timestamp"
    /// A function of the topology threw and the handler said to go on.
    case processing = "processing"
    /// The partitioner chose no partition for the record (``PartitionChoice/nowhere``).
    case noPartition = "no-partition"
    /// The record could not be produced and the handler said to go on.
    case production = "production"
    /// The record came after its window had closed.
    case late = "late"
    /// The record came after what its store keeps (S-59).
    case expired = "expired"
    /// The change of a versioned table is of the past, and the operator follows the latest values (S-42).
    case outOfOrder = "out-of-order"
    /// The left row of a foreign-key inner join names no right row (S-27).
    case nullForeignKey = "null-foreign-key"
    /// The response of a foreign-key join is to a value that the left row no longer has (S-84).
    case staleResponse = "stale-response"
    /// The record repeats one that a deduplication has handed on (KIP-655); this is what was asked for, so it is not logged.
    case duplicate = "duplicate"

    /// Whether it is something that an operator of the application may want to look into.
    var isLogged: Bool { self != .duplicate }
}
