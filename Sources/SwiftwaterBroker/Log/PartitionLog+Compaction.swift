// Compaction: of each key the last record stays.
//
// The full segments are read through descriptors of their own while the log goes on being written and read. What stays of a group of
// them goes into a new file, which takes their place under the lock, where no read is under way. Offsets stay what they were, so the
// log has gaps; a batch keeps the offsets it had, whatever became of its records.

import Foundation
import Glibc
import NIOCore
import Synchronization

extension PartitionLog {
    /// Compacts if the topic wants it and there is enough to do, or if it is forced to. Not for more than one thread at a time.
    ///
    /// - Returns: nil if there was nothing to do.
    func compact(now: Int64, isForced: Bool = false, maximumKeys: Int = OffsetMap.maximumKeys) throws
        -> CompactionResult?
    {
        try cleaning.withLock { _ in
            guard let plan = try plan(now: now, isForced: isForced) else { return nil }
            do {
                return try compact(plan, now: now, maximumKeys: maximumKeys)
            } catch is CancellationError {
                return nil
            }
        }
    }

    // MARK: What is to be done

    func plan(now: Int64, isForced: Bool) throws -> CompactionPlan? {
        let configuration = configuration
        guard configuration.compacts else { return nil }
        return try state.withLock { state in
            guard !state.isClosed else { return nil }
            try rollIfOld(&state, now: now, configuration)
            let stableOffset = state.lastStableOffset
            let lag = configuration.minimumCompactionLag
            let oldest = lag > 0 ? now.subtractingReportingOverflow(lag).partialValue : .max
            let full = state.segments.dropLast().prefix {
                $0.nextOffset <= stableOffset
                    && ($0.nextOffset <= state.compactedEnd || $0.maxTimestamp <= oldest)
            }
            guard let first = full.first, let last = full.last else { return nil }
            let dirtyStart = max(first.baseOffset, min(state.compactedEnd, last.nextOffset))
            let dirty = full.filter { $0.nextOffset > dirtyStart }
            let dirtySize = dirty.reduce(0) { $0 + $1.size }
            let size = full.reduce(0) { $0 + $1.size }
            let isDirty = dirtySize > 0 && Double(dirtySize) > configuration.dirtyRatio * Double(size)
            let isLate =
                dirty.first.map {
                    now.subtractingReportingOverflow($0.firstTimestamp).partialValue
                        > configuration.maximumCompactionLag
                } ?? false
            let lastRun = state.compactedAt
            let hasPassedHorizon = full.contains { $0.hasHorizon(after: lastRun, until: now) }
            guard isForced || isDirty || isLate || hasPassedHorizon else { return nil }
            return CompactionPlan(
                segments: try full.map(SegmentReader.init), dirtyStart: dirtyStart, limit: last.nextOffset,
                tail: try state.segments[full.endIndex...].map(SegmentReader.init), configuration: configuration)
        }
    }

    /// A log that is seldom written to would never have a full segment.
    private func rollIfOld(_ state: inout State, now: Int64, _ configuration: LogConfiguration) throws {
        guard let last = state.segments.last, last.size > 0 else { return }
        let idle = now.subtractingReportingOverflow(last.modificationTime).partialValue
        let age = now.subtractingReportingOverflow(last.firstTimestamp).partialValue
        guard idle > configuration.segmentAge || age > configuration.maximumCompactionLag else { return }
        state.segments.append(try Segment(directory: directory, baseOffset: last.nextOffset))
    }

    // MARK: Doing it

    /// - Returns: nil if segments went away meanwhile; the next compaction begins where this one did.
    func compact(_ plan: CompactionPlan, now: Int64, maximumKeys: Int) throws -> CompactionResult? {
        // To the end: the marker of a transaction may stand behind the beginning of one that is open.
        var outcomes = TransactionOutcomes()
        for reader in plan.segments + plan.tail {
            while let batch = try next(of: reader) { outcomes.note(batch) }
            reader.rewind()
        }
        var latest = OffsetMap(from: plan.dirtyStart, maximumKeys: maximumKeys)
        map: for reader in plan.segments where reader.nextOffset > plan.dirtyStart {
            while let batch = try next(of: reader) {
                if batch.header.lastOffset < plan.dirtyStart { continue }
                guard latest.add(batch, isAborted: outcomes.isAborted(batch)) else { break map }
            }
        }
        for reader in plan.segments { reader.rewind() }
        var cleaning = BatchCleaning(
            latest: latest, outcomes: outcomes, now: now, tombstoneAge: plan.configuration.tombstoneAge,
            limit: plan.limit)
        var result = CompactionResult()
        for group in groups(of: plan) {
            // Else a tombstone could outlive its horizon, but not the value that it deletes.
            guard try clean(group, &cleaning, &result) else { return nil }
        }
        try state.withLock { state in
            state.compactedEnd = max(plan.dirtyStart, latest.end)
            state.compactedAt = now
            try "\(state.compactedEnd)".write(toFile: Self.compactedFile(directory), atomically: true, encoding: .utf8)
        }
        return result
    }

    /// Nothing more once the log is closed: a compaction must not hold up the end of the broker.
    private func next(of reader: SegmentReader) throws -> StoredBatch? {
        let batch = try reader.next()
        guard batch == nil || reader.batches % 64 == 0, state.withLock({ $0.isClosed }) else { return batch }
        throw CancellationError()
    }

    /// Neighbours that make one segment together.
    private func groups(of plan: CompactionPlan) -> [[SegmentReader]] {
        var groups: [[SegmentReader]] = []
        var size = 0
        for reader in plan.segments {
            let first = groups.last?.first?.baseOffset ?? reader.baseOffset
            if groups.isEmpty || size + reader.size > plan.configuration.segmentBytes
                || reader.nextOffset - first > Int64(Int32.max)
            {
                groups.append([])
                size = 0
            }
            groups[groups.count - 1].append(reader)
            size += reader.size
        }
        return groups
    }

    /// - Returns: false if the segments are no longer there to give way.
    private func clean(
        _ group: [SegmentReader], _ cleaning: inout BatchCleaning, _ result: inout CompactionResult
    ) throws -> Bool {
        guard let first = group.first, let last = group.last else { return true }
        let writer = try SegmentWriter(directory: directory, baseOffset: first.baseOffset)
        var isChanged = group.count > 1
        var droppedMarkers: Set<Int64> = []
        do {
            for reader in group {
                while let batch = try next(of: reader) {
                    result.recordsBefore += Int(batch.header.count)
                    switch cleaning.clean(batch) {
                    case .keep:
                        result.recordsAfter += Int(batch.header.count)
                        try writer.append(batch.bytes)
                    case .replace(let bytes):
                        isChanged = true
                        try writer.append(bytes)
                        result.recordsAfter += Int(writer.headers.last?.count ?? 0)
                    case .drop:
                        isChanged = true
                        if batch.header.isControl { droppedMarkers.insert(batch.header.lastOffset) }
                    }
                }
                result.bytesBefore += reader.size
            }
            result.bytesAfter += writer.size
            if isChanged {
                return try swap(group.map(\.baseOffset), end: last.nextOffset, for: writer, droppedMarkers)
            }
            writer.discard()
            return true
        } catch {
            writer.discard()
            throw error
        }
    }

    private func swap(
        _ bases: [Int64], end: Int64, for writer: SegmentWriter, _ droppedMarkers: Set<Int64>
    ) throws -> Bool {
        let path = try writer.commit(end: end)
        return try state.withLock { state in
            let start = state.segments.firstIndex { $0.baseOffset == writer.baseOffset }
            guard !state.isClosed, let start, state.segments[start...].prefix(bases.count).map(\.baseOffset) == bases
            else {
                // Records were deleted, or the topic was.
                unlink(path)
                return false
            }
            let old = state.segments[start..<start + bases.count]
            try SegmentSwap(base: writer.baseOffset, end: end).complete(in: directory)
            var segment = try Segment(directory: directory, baseOffset: writer.baseOffset)
            for header in writer.headers { segment.note(header, baseOffset: header.baseOffset) }
            for segment in old { Glibc.close(segment.descriptor) }
            state.segments.replaceSubrange(start..<start + bases.count, with: [segment])
            state.transactions.forget(markers: droppedMarkers)
            return true
        }
    }
}
