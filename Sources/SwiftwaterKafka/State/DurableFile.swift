internal import Foundation
internal import Swiftwater

/// Small files that are whole and on disk, or as they were before.
enum DurableFile {
    static func replace(_ path: String, with bytes: [UInt8]) throws(StreamsError) {
        let draft = path + ".new"
        let file = open(draft, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StreamsError.file("create", draft, errno) }
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        // A short write sets no errno: the disk is full.
        let failure = written < 0 ? errno : written < bytes.count ? ENOSPC : fsync(file) != 0 ? errno : 0
        close(file)
        guard failure == 0 else {
            unlink(draft)
            throw StreamsError.file("write", draft, failure)
        }
        guard rename(draft, path) == 0 else { throw StreamsError.file("replace", path, errno) }
        try flushDirectory(of: path)
    }

    static func flushDirectory(of path: String) throws(StreamsError) {
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StreamsError.file("open", directory, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StreamsError.file("flush", directory, errno) }
    }
}
