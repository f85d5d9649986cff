import Synchronization

extension PartitionLog {
    /// Deletes whole segments that are too old, or too many.
    ///
    /// - Returns: the new start of the log; nil if nothing went.
    func retain(now: Int64) throws -> Int64? {
        let configuration = configuration
        guard configuration.deletes else { return nil }
        return try cleaning.withLock { _ in
            let start = try state.withLock { state -> Int64? in
                guard !state.isClosed else { return nil }
                var count = expired(state, now: now, configuration)
                count = max(count, excess(state, configuration))
                while count > 0, state.segments[count - 1].nextOffset > state.lastStableOffset { count -= 1 }
                guard count > 0 else { return nil }
                if count == state.segments.count {
                    state.segments.append(try Segment(directory: directory, baseOffset: state.end))
                }
                return state.segments[count].baseOffset
            }
            guard let start else { return nil }
            return try deleteRecords(before: start)
        }
    }

    /// How many segments from the beginning have no record that is young enough. An active one that is empty does not count.
    private func expired(_ state: State, now: Int64, _ configuration: LogConfiguration) -> Int {
        guard configuration.retentionAge >= 0 else { return 0 }
        let oldest = now.subtractingReportingOverflow(configuration.retentionAge).partialValue
        let last = state.segments.count - 1
        return state.segments.indices.prefix { index in
            let segment = state.segments[index]
            if segment.size == 0, index == last { return false }
            return (segment.maxTimestamp >= 0 ? segment.maxTimestamp : segment.modificationTime) < oldest
        }.count
    }

    /// How many segments can go from the beginning until the rest would be smaller than the limit. The active one stays.
    private func excess(_ state: State, _ configuration: LogConfiguration) -> Int {
        guard configuration.retentionBytes >= 0 else { return 0 }
        var excess = state.segments.reduce(0) { $0 + Int64($1.size) } - configuration.retentionBytes
        return state.segments.dropLast().prefix { segment in
            guard excess >= Int64(segment.size) else { return false }
            excess -= Int64(segment.size)
            return true
        }.count
    }
}
