/// What a compaction of a log is about: its full segments up to a limit.
struct CompactionPlan {
    var segments: [SegmentReader]
    /// Up to here it has been compacted before.
    var dirtyStart: Int64
    /// Nothing from here on is touched, nor looked at.
    var limit: Int64
    /// The rest of the log, looked at for markers and producers only.
    var tail: [SegmentReader]
    var configuration: LogConfiguration
}
