// A partition: segments that only grow, in a directory, and what is known of its producers.
//
// All batches of a produce are checked before the first is written. Opening walks all batches: the last segment's with their
// checksums, and cuts it at the first that does not match; so it ends where the last complete write ended. Index and producer states
// come out of the same walk and are nowhere else.

import Foundation
import Glibc
import NIOCore
import Synchronization

final class PartitionLog: Sendable {
    struct State: Sendable {
        var segments: [Segment]
        var start: Int64
        var producers: [Int64: ProducerState] = [:]
        var transactions = TransactionIndex()
        var isClosed = false
        /// Up to here each key had one record when it was last compacted, and when that was.
        var compactedEnd: Int64 = 0
        var compactedAt: Int64 = -1

        var end: Int64 { segments.last?.nextOffset ?? start }

        /// A batch is in the log now; its bytes are asked for only if it is a marker.
        mutating func note<Failure>(
            _ header: BatchHeader, baseOffset: Int64, batch: () throws(Failure) -> ByteBuffer?
        ) throws(Failure) {
            guard header.producerID >= 0 else { return }
            if header.baseSequence >= 0 || header.isControl {
                producers[header.producerID, default: ProducerState(epoch: header.producerEpoch)]
                    .note(header, baseOffset: baseOffset)
            }
            guard header.isTransactional else { return }
            let kind = header.isControl ? try batch().flatMap(ControlRecord.kind) : nil
            transactions.note(header, baseOffset: baseOffset, kind: kind)
        }
    }

    let directory: String
    private let settings: Mutex<LogConfiguration>
    let state: Mutex<State>
    /// Held by whatever replaces or deletes segments on its own account.
    let cleaning = Mutex(())

    init(directory: String, configuration: LogConfiguration) throws {
        self.directory = directory
        settings = Mutex(configuration)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        state = Mutex(try Self.recover(directory))
    }

    deinit { close() }

    /// Holds the offset up to which the log has been compacted; without it all is compacted once more.
    static func compactedFile(_ directory: String) -> String { "\(directory)/compacted" }

    private static func recover(_ directory: String) throws -> State {
        try SegmentSwap.recover(in: directory)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        let bases = names.filter { $0.hasSuffix(".log") }.compactMap { Int64($0.dropLast(4)) }.sorted()
        let startFile = "\(directory)/log-start"
        var start = bases.first ?? 0
        if FileManager.default.fileExists(atPath: startFile) {
            guard let written = Int64(try String(contentsOfFile: startFile, encoding: .utf8)) else {
                throw LogFailure.io("\(startFile): not an offset")
            }
            start = max(start, written)
        }
        var state = State(segments: [], start: start)
        for base in bases.isEmpty ? [start] : bases {
            var segment = try Segment(directory: directory, baseOffset: base)
            try walk(&segment, isLast: base == bases.last, &state)
            state.segments.append(segment)
        }
        state.start = min(state.start, state.end)
        state.transactions.dropAborted(before: state.start)
        if let text = try? String(contentsOfFile: compactedFile(directory), encoding: .utf8), let end = Int64(text) {
            state.compactedEnd = min(max(0, end), state.end)
        }
        return state
    }

    private static func walk(_ segment: inout Segment, isLast: Bool, _ state: inout State) throws {
        let end = segment.fileSize
        while segment.size < end {
            let left = end - segment.size
            guard left >= BatchHeader.size,
                let header = BatchHeader(try segment.read(at: segment.size, count: BatchHeader.size), at: 0),
                header.totalSize <= left, header.baseOffset >= segment.nextOffset
            else { break }
            if isLast {
                let batch = try segment.read(at: segment.size, count: header.totalSize)
                guard header.computedChecksum(in: batch, at: 0) == header.checksum else { break }
            }
            let position = segment.size
            segment.note(header, baseOffset: header.baseOffset)
            let walked = segment
            try state.note(header, baseOffset: header.baseOffset) { () throws(LogFailure) in
                try walked.read(at: position, count: header.totalSize)
            }
        }
        guard segment.size < end else { return }
        guard isLast else {
            throw LogFailure.io("\(segment.path): damaged at byte \(segment.size), and later files exist")
        }
        try segment.cut()
    }

    var configuration: LogConfiguration { settings.withLock { $0 } }

    /// In force from the next request on.
    func configure(_ configuration: LogConfiguration) { settings.withLock { $0 = configuration } }

    var logStartOffset: Int64 { state.withLock { $0.start } }
    /// The high watermark: one replica has everything at once.
    var endOffset: Int64 { state.withLock { $0.end } }

    /// Drops what is before the offset; whole segments leave the disk.
    func deleteRecords(before offset: Int64) throws -> Int64 {
        try state.withLock { state in
            guard offset >= 0, offset <= state.end else { throw LogFailure.offsetOutOfRange }
            guard offset > state.start else { return state.start }
            try "\(offset)".write(toFile: "\(directory)/log-start", atomically: true, encoding: .utf8)
            state.start = offset
            state.transactions.dropAborted(before: offset)
            while state.segments.count > 1, state.segments[0].nextOffset <= offset {
                state.segments.removeFirst().remove()
            }
            return offset
        }
    }

    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            for segment in state.segments { Glibc.close(segment.descriptor) }
        }
    }

    /// Waits until a compaction has noticed.
    func delete() throws {
        close()
        try cleaning.withLock { _ in try FileManager.default.removeItem(atPath: directory) }
    }
}
