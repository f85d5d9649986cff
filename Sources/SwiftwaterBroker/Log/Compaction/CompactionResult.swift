/// What a compaction did.
struct CompactionResult: Equatable, Sendable {
    var bytesBefore = 0
    var bytesAfter = 0
    var recordsBefore = 0
    var recordsAfter = 0
}
