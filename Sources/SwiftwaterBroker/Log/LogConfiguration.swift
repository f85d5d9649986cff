/// How a partition's log is kept.
struct LogConfiguration: Sendable {
    var segmentBytes = 1 << 30
    var maxMessageBytes = 1_048_588
    var fsync = false
    var logAppendTime = false
}
