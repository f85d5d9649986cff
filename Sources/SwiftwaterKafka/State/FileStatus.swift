internal import Foundation
internal import Swiftwater

/// Which file a path leads to.
struct FileStatus {
    let device: UInt64
    let inode: UInt64
    let modified: Int64

    init(_ path: String) throws(StreamsError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw StreamsError.file("look at", path, errno)
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        modified = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    /// Bytes that the disk of a path has left for us.
    static func freeBytes(at path: String) throws(StreamsError) -> Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw StreamsError.file("ask for the free space of", path, errno)
        }
        return Int(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
