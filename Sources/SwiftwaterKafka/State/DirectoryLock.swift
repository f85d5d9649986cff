internal import Foundation
internal import Swiftwater

/// One process a directory: a lock that the kernel gives back when the process dies, however it dies.
struct DirectoryLock: ~Copyable {
    private let descriptor: CInt

    /// - Throws: `stateDirectory` naming process and host that hold the lock.
    init(_ directory: String) throws(StreamsError) {
        let path = "\(directory)/.lock"
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StreamsError.file("open", path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            defer { close(descriptor) }
            guard number == EWOULDBLOCK else { throw StreamsError.file("lock", path, number) }
            throw StreamsError(
                .stateDirectory,
                """
                \(directory) is in use by \(Self.holder(descriptor)): stop that process, or give this one a state directory \
                of its own
                """
            )
        }
        let holder = Array("process \(getpid()) on \(Machine.host)".utf8)
        ftruncate(descriptor, 0)
        _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = descriptor
    }

    deinit {
        // A child of this process that has not come to its exec yet holds a copy of the descriptor: closing alone
        // would leave the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "another process"
    }
}
