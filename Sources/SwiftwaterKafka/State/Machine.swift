internal import Foundation

/// What tells this machine, and this run of it, from others.
enum Machine {
    /// Changes whenever the machine starts.
    static let boot = line("/proc/sys/kernel/random/boot_id") ?? "unknown"
    /// Stays the same as long as the machine is the same.
    static let identity = line("/etc/machine-id") ?? host
    static let host = ProcessInfo.processInfo.hostName

    private static func line(_ path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return line.isEmpty ? nil : line
    }
}
