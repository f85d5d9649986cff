import Foundation

/// A file system in memory of a limited size, for one worker's state.
final class SmallDisk {
    let path: String
    private var isMounted = true
    private static let megabytes = 160

    /// Nil where mounting is not permitted.
    init?(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
        let status = try? Child.run(
            "/bin/mount", ["-t", "tmpfs", "-o", "size=\(Self.megabytes)m", "swiftwater-torture", path])
        guard status == 0 else {
            isMounted = false
            return nil
        }
    }

    deinit { unmount() }

    private var ballast: String { "\(path)/ballast" }

    /// Takes all that is free.
    func fill() {
        let file = open(ballast, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        // Most of it at once, and the rest to the last page.
        posix_fallocate(file, 0, off_t(Self.megabytes) << 20)
        lseek(file, 0, SEEK_END)
        var status = statvfs()
        if fstatvfs(file, &status) == 0 { posix_fallocate(file, 0, off_t(status.f_bavail * status.f_frsize)) }
        lseek(file, 0, SEEK_END)
        let bytes = [UInt8](repeating: 1, count: 1 << 16)
        while write(file, bytes, bytes.count) > 0 {}
    }

    func clear() { unlink(ballast) }

    func unmount() {
        guard isMounted else { return }
        isMounted = false
        clear()
        _ = try? Child.run("/bin/umount", ["-l", path])
    }
}
