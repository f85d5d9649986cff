import Glibc
import NIOCore

/// Reads a segment's batches from beginning to end through a descriptor of its own, so that the file may be deleted meanwhile.
final class SegmentReader {
    private static let chunk = 1 << 20

    let baseOffset: Int64
    let nextOffset: Int64
    let size: Int
    /// How many it has given, also before it was rewound.
    private(set) var batches = 0
    private let path: String
    private let descriptor: Int32
    private var buffer = ByteBuffer()
    private var filePosition = 0

    init(_ segment: Segment) throws(LogFailure) {
        descriptor = open(segment.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .io("open \(segment.path): \(String(cString: strerror(errno)))")
        }
        path = segment.path
        baseOffset = segment.baseOffset
        nextOffset = segment.nextOffset
        size = segment.size
    }

    deinit { close(descriptor) }

    func rewind() {
        buffer.clear()
        filePosition = 0
    }

    func next() throws(LogFailure) -> StoredBatch? {
        if buffer.readableBytes < BatchHeader.size { try fill(BatchHeader.size) }
        if buffer.readableBytes == 0 { return nil }
        guard let header = BatchHeader(buffer, at: buffer.readerIndex) else { throw damaged }
        if buffer.readableBytes < header.totalSize { try fill(header.totalSize) }
        guard let bytes = buffer.readSlice(length: header.totalSize) else { throw damaged }
        batches += 1
        return StoredBatch(header: header, bytes: bytes)
    }

    private var damaged: LogFailure { .io("\(path): damaged before byte \(filePosition)") }

    private func fill(_ wanted: Int) throws(LogFailure) {
        var fresh = ByteBufferAllocator().buffer(capacity: max(Self.chunk, wanted))
        fresh.writeBuffer(&buffer)
        while fresh.readableBytes < wanted, filePosition < size {
            let count = min(size - filePosition, max(Self.chunk, wanted) - fresh.readableBytes)
            let from = off_t(filePosition)
            let read = fresh.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
                max(0, pread(descriptor, $0.baseAddress, count, from))
            }
            guard read > 0 else { throw .io("read \(path): \(String(cString: strerror(errno)))") }
            filePosition += read
        }
        buffer = fresh
    }
}
