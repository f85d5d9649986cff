// What coordinators remember: a file that only grows, and is written anew when most of it is out of date.
//
// A change is one record and one write(2): once it is acknowledged, only the machine's end can lose it (and not even that with
// `fsync`). An LMDB environment would do too, but would copy pages and bind its writer to a thread for something that is read
// once, at start, and is otherwise in memory; and this file has no limits to set.
//
//   record = length of the payload (UInt32) · CRC-32C of the payload (UInt32) · payload
//
// A crash can tear the last record only. Reading stops at the first record that is incomplete or does not match its checksum, and the
// file is cut there. Compaction writes the live state into a file of its own (….new) and renames it, so that there is a whole file at
// any time.

import Glibc
import NIOCore

/// Owned by one coordinator, which is an actor: not safe for more than one caller at a time.
final class StateLog<Record: LoggedRecord> {
    static var fileName: String { Record.fileName }

    let path: String
    private var descriptor: Int32
    private(set) var size: Int
    private var compactionSize: Int
    private let isSynchronous: Bool
    /// A write failed and what it left behind could not be cut off.
    private var isBroken = false

    /// Opens or creates the log in a directory and gives each of its records.
    ///
    /// - Returns: the log, and how many bytes were cut from its end.
    static func open(
        in directory: String, isSynchronous: Bool = false, replay: (Record) -> Void
    ) throws(StateLogError) -> (log: StateLog, cut: Int) {
        let path = "\(directory)/\(fileName)"
        _ = unlink("\(path).new")
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("open", path) }
        do throws(StateLogError) {
            let content = try Self.content(of: descriptor, path: path)
            let valid = Self.replay(content, replay)
            if valid < content.readableBytes, ftruncate(descriptor, off_t(valid)) != 0 {
                throw failure("cut the torn end of", path)
            }
            let log = StateLog(path: path, descriptor: descriptor, size: valid, isSynchronous: isSynchronous)
            return (log, content.readableBytes - valid)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private init(path: String, descriptor: Int32, size: Int, isSynchronous: Bool) {
        self.path = path
        self.descriptor = descriptor
        self.size = size
        self.compactionSize = Self.firstCompactionSize
        self.isSynchronous = isSynchronous
    }

    deinit { close(descriptor) }

    private static var firstCompactionSize: Int { 4 << 20 }

    /// Whether so much has been appended that most of it is likely to be out of date.
    var wantsCompaction: Bool { size > compactionSize }

    /// Returns when the record is in the file; an error leaves the log as it was.
    func append(_ record: Record) throws(StateLogError) {
        if isBroken {
            throw StateLogError(operation: "append to", path: path, errno: EIO, reason: "an earlier write failed")
        }
        var frame = ByteBuffer()
        Self.write(record, to: &frame)
        do throws(StateLogError) {
            try Self.write(frame, to: descriptor, at: size, path: path)
            if isSynchronous, fdatasync(descriptor) != 0 { throw Self.failure("sync", path) }
        } catch {
            isBroken = ftruncate(descriptor, off_t(size)) != 0
            throw error
        }
        size += frame.readableBytes
    }

    /// Replaces the content by the given records, which give the same state.
    func compact(to records: [Record]) throws(StateLogError) {
        var content = ByteBuffer()
        for record in records { Self.write(record, to: &content) }
        let newPath = "\(path).new"
        let replacement = Glibc.open(newPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard replacement >= 0 else { throw Self.failure("create", newPath) }
        do throws(StateLogError) {
            try Self.write(content, to: replacement, at: 0, path: newPath)
            // Without it a power failure could leave the new name with no content, and the old content is gone by then.
            if fdatasync(replacement) != 0 { throw Self.failure("sync", newPath) }
            if rename(newPath, path) != 0 { throw Self.failure("rename", newPath) }
        } catch {
            close(replacement)
            // Not at every commit again.
            compactionSize = size * 2
            throw error
        }
        close(descriptor)
        descriptor = replacement
        size = content.readableBytes
        compactionSize = max(Self.firstCompactionSize, size * 4)
        isBroken = false
    }

    // MARK: - Bytes

    private static func write(_ record: Record, to buffer: inout ByteBuffer) {
        var writer = ProtocolWriter()
        record.write(to: &writer)
        buffer.writeInteger(UInt32(writer.buffer.readableBytes))
        buffer.writeInteger(checksum(writer.buffer.readableBytesView))
        buffer.writeImmutableBuffer(writer.buffer)
    }

    /// How many bytes are whole records.
    private static func replay(_ content: ByteBuffer, _ apply: (Record) -> Void) -> Int {
        var rest = content
        var valid = 0
        while let length = rest.readInteger(as: UInt32.self), let expected = rest.readInteger(as: UInt32.self),
            let payload = rest.readSlice(length: Int(length)),
            checksum(payload.readableBytesView) == expected
        {
            var reader = ProtocolReader(payload)
            guard let record = try? Record(from: &reader), reader.remaining == 0 else { break }
            apply(record)
            valid = content.readableBytes - rest.readableBytes
        }
        return valid
    }

    private static func content(of descriptor: Int32, path: String) throws(StateLogError) -> ByteBuffer {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("examine", path) }
        let length = Int(status.st_size)
        var content = ByteBuffer()
        content.reserveCapacity(length)
        while content.readableBytes < length {
            let position = off_t(content.readableBytes)
            let count = content.writeWithUnsafeMutableBytes(minimumWritableBytes: length - content.readableBytes) {
                max(0, pread(descriptor, $0.baseAddress, min($0.count, length - Int(position)), position))
            }
            if count == 0 { throw failure("read", path) }
        }
        return content
    }

    private static func write(
        _ bytes: ByteBuffer, to descriptor: Int32, at start: Int, path: String
    ) throws(StateLogError) {
        let view = bytes.readableBytesView
        var written = 0
        while written < view.count {
            let count = view.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, off_t(start + written))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw failure("write", path) }
            written += count
        }
    }

    private static func failure(_ operation: String, _ path: String) -> StateLogError {
        let code = errno
        return StateLogError(operation: operation, path: path, errno: code, reason: String(cString: strerror(code)))
    }

    private static func checksum(_ bytes: ByteBufferView) -> UInt32 {
        bytes.withUnsafeBytes { CRC32C.checksum($0) }
    }
}
