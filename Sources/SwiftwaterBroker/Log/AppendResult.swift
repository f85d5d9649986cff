/// What a producer is told. The time is -1 unless the log stamps records itself.
struct AppendResult: Sendable {
    var baseOffset: Int64
    var logAppendTime: Int64
    var logStartOffset: Int64
}
