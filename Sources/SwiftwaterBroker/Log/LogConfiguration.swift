/// How a partition's log is kept. Ages are milliseconds, as in Kafka's configurations.
struct LogConfiguration: Sendable, Equatable {
    static let unlimited: Int64 = -1

    var segmentBytes = 1 << 30
    /// By how much the times of records in one segment may differ.
    var segmentAge: Int64 = 604_800_000
    var maxMessageBytes = 1_048_588
    var fsync = false
    var logAppendTime = false
    /// Whether old records go.
    var deletes = true
    /// Whether records go that a later one with the same key replaces.
    var compacts = false
    var retentionAge: Int64 = 604_800_000
    var retentionBytes = LogConfiguration.unlimited
    /// How long tombstones and transaction markers stay once compaction has come by them.
    var tombstoneAge: Int64 = 86_400_000
    var minimumCompactionLag: Int64 = 0
    var maximumCompactionLag = Int64.max
    /// How much of the log must be new before it is compacted.
    var dirtyRatio = 0.5
}
