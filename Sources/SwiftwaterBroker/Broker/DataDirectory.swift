import Foundation
import Glibc

/// The broker's directory, locked against other brokers for as long as it is open.
struct DataDirectory: Sendable {
    /// The form of what is in the directory; a later one is refused.
    static let format = 1

    let path: String
    private let isTemporary: Bool
    private let lock: Int32

    /// nil is a new temporary directory, which `close` removes.
    init(path: String?) throws(BrokerError) {
        let chosen =
            path
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("swiftwater-broker-\(UUID().uuidString)")
            .path
        do {
            try FileManager.default.createDirectory(atPath: chosen, withIntermediateDirectories: true)
        } catch {
            throw .storage(path: chosen, reason: "\(error)")
        }
        let descriptor = open("\(chosen)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .storage(path: "\(chosen)/.lock", reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw .dataDirectoryInUse(path: chosen)
        }
        do throws(BrokerError) {
            try Self.requireFormat(chosen)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.path = chosen
        self.isTemporary = path == nil
        self.lock = descriptor
    }

    /// A directory without the file is of the first form.
    private static func requireFormat(_ path: String) throws(BrokerError) {
        let file = "\(path)/format"
        if let text = try? String(contentsOfFile: file, encoding: .utf8) {
            guard let found = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), found <= format else {
                throw .storage(
                    path: path,
                    reason: "its form is «\(text)», this broker knows \(format): a later Swiftwater wrote it, use that")
            }
            return
        }
        do {
            try "\(format)\n".write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw .storage(path: file, reason: "\(error)")
        }
    }

    func subdirectory(_ name: String) throws(BrokerError) -> String {
        let path = "\(path)/\(name)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .storage(path: path, reason: "\(error)")
        }
        return path
    }

    /// Made up once and kept, as clients may compare it.
    func clusterID() throws(BrokerError) -> String {
        let file = "\(path)/cluster-id"
        if let known = try? String(contentsOfFile: file, encoding: .utf8), !known.isEmpty { return known }
        let id = String(UUID().uuidString.replacing("-", with: "").prefix(22))
        do {
            try id.write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw .storage(path: file, reason: "\(error)")
        }
        return id
    }

    func close() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
        Glibc.close(lock)
    }
}
