import Foundation
import Glibc

/// The broker's directory, locked against other brokers for as long as it is open.
struct DataDirectory: Sendable {
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
        self.path = chosen
        self.isTemporary = path == nil
        self.lock = descriptor
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
