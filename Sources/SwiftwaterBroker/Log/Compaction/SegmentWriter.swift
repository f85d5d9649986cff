// The file that a group of segments becomes.
//
// It grows as `<base>.cleaned`, which a crash makes worthless, and is on the disk before it is renamed to `<base>-<end>.swap`. From
// then on it holds: the segments from base to before end give way to it, and the next start does what is left of that.

import Glibc
import NIOCore

final class SegmentWriter {
    private static let flushSize = 1 << 20

    let baseOffset: Int64
    private let directory: String
    private let path: String
    private let descriptor: Int32
    private var buffer = ByteBuffer()
    private(set) var headers: [BatchHeader] = []
    private(set) var size = 0

    init(directory: String, baseOffset: Int64) throws(LogFailure) {
        self.directory = directory
        self.baseOffset = baseOffset
        path = "\(directory)/\(Segment.name(baseOffset)).cleaned"
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("create", path) }
    }

    deinit { close(descriptor) }

    func append(_ batch: ByteBuffer) throws(LogFailure) {
        guard let header = BatchHeader(batch, at: batch.readerIndex) else { throw .io("\(path): not a batch") }
        headers.append(header)
        size += batch.readableBytes
        buffer.writeImmutableBuffer(batch)
        if buffer.readableBytes >= Self.flushSize { try flush() }
    }

    private func flush() throws(LogFailure) {
        while buffer.readableBytes > 0 {
            let count = buffer.withUnsafeReadableBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", path) }
            buffer.moveReaderIndex(forwardBy: count)
        }
        buffer.clear()
    }

    func discard() { unlink(path) }

    /// Makes the file one that holds.
    ///
    /// - Returns: its path.
    func commit(end: Int64) throws(LogFailure) -> String {
        try flush()
        guard fdatasync(descriptor) == 0 else { throw Self.failure("sync", path) }
        let swap = "\(directory)/\(Segment.name(baseOffset))-\(Segment.name(end)).swap"
        guard rename(path, swap) == 0 else { throw Self.failure("rename", path) }
        return swap
    }

    static func failure(_ operation: String, _ path: String) -> LogFailure {
        .io("\(operation) \(path): \(String(cString: strerror(errno)))")
    }
}
