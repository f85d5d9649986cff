/// The offsets of one request: those that may be committed, and what each partition is answered.
struct OfferedOffsets {
    var entries: [OffsetLogRecord.Entry] = []
    /// An error is final; without one, the answer is the request's.
    var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])] = []

    func results(_ error: ErrorCode) -> [(name: String, partitions: [(index: Int32, error: ErrorCode)])] {
        topics.map { topic in
            (name: topic.name, partitions: topic.partitions.map { ($0.index, $0.error == .none ? error : $0.error) })
        }
    }
}
