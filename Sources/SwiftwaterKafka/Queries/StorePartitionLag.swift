/// How far one partition of a store is behind its changelog; the counterpart of `LagInfo` (KIP-535).
public struct StorePartitionLag: Sendable, Hashable {
    /// The offset after the last record of the changelog that the store holds.
    public var currentOffset: Int64
    /// The offset at which the changelog ends.
    public var endOffset: Int64

    /// What the store still has to read, in offsets; 0 for the active copy, which writes the changelog.
    ///
    /// Transaction markers have offsets too, and compaction leaves gaps: there may be fewer records.
    public var lag: Int64 { max(0, endOffset - currentOffset) }
}
