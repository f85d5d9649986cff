import Glibc
import NIOCore

/// One file of a log and a sparse index of it, which lives in memory.
struct Segment: Sendable {
    struct Entry: Sendable {
        var offset: Int64
        var position: Int
    }

    private static let indexInterval = 4096

    let baseOffset: Int64
    let path: String
    let descriptor: Int32
    private(set) var size = 0
    private(set) var nextOffset: Int64
    private(set) var maxTimestamp: Int64 = -1
    /// Of the first batch; -1 while there is none.
    private(set) var firstTimestamp: Int64 = -1
    /// When tombstones or markers of it may go, in no order.
    private var horizons: Set<Int64> = []
    private var index: [Entry] = []

    init(directory: String, baseOffset: Int64) throws(LogFailure) {
        let path = "\(directory)/\(Self.name(baseOffset)).log"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        self.path = path
        self.baseOffset = baseOffset
        self.nextOffset = baseOffset
    }

    /// An offset as it stands in the names of files.
    static func name(_ offset: Int64) -> String {
        let digits = String(offset)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }

    func hasHorizon(after start: Int64, until end: Int64) -> Bool {
        horizons.contains { $0 > start && $0 <= end }
    }

    /// Where to begin to look for an offset.
    func position(before offset: Int64) -> Int {
        var low = 0
        var high = index.count
        while low < high {
            let middle = (low + high) / 2
            if index[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : index[low - 1].position
    }

    mutating func note(_ header: BatchHeader, baseOffset: Int64) {
        if index.last.map({ size - $0.position >= Self.indexInterval }) ?? true {
            index.append(Entry(offset: baseOffset, position: size))
        }
        if size == 0 { firstTimestamp = header.maxTimestamp }
        if header.attributes & StoredBatch.deleteHorizonFlag != 0 { horizons.insert(header.baseTimestamp) }
        size += header.totalSize
        nextOffset = baseOffset + Int64(header.lastOffsetDelta) + 1
        maxTimestamp = max(maxTimestamp, header.maxTimestamp)
    }

    var fileSize: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// When it was last written to, in milliseconds.
    var modificationTime: Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .max }
        return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    func read(at position: Int, count: Int) throws(LogFailure) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let left = count - buffer.readableBytes
            let from = off_t(position + buffer.readableBytes)
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: left) {
                max(0, pread(descriptor, $0.baseAddress, left, from))
            }
            if read == 0 { throw Self.failure("read", path) }
        }
        return buffer
    }

    /// Writes at the end, but leaves it to `note` to move the end.
    ///
    /// What a failed write left is cut off: later batches might not cover it, and a segment that does not end with a batch is refused
    /// at the next start when others follow it.
    func write(_ buffer: ByteBuffer, fsync: Bool) throws(LogFailure) {
        do throws(LogFailure) {
            try writeAll(buffer)
            if fsync, fdatasync(descriptor) != 0 { throw Self.failure("sync", path) }
        } catch {
            try cut()
            throw error
        }
    }

    private func writeAll(_ buffer: ByteBuffer) throws(LogFailure) {
        var written = 0
        let view = buffer.readableBytesView
        while written < view.count {
            let count = view.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, off_t(size + written))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw Self.failure("write", path) }
            written += count
        }
    }

    func cut() throws(LogFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("cut", path) }
    }

    func remove() {
        close(descriptor)
        unlink(path)
    }

    private static func failure(_ operation: String, _ path: String) -> LogFailure {
        .io("\(operation) \(path): \(String(cString: strerror(errno)))")
    }
}
