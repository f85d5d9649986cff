import Foundation

/// A directory that is gone when the test process ends, at the latest.
struct TemporaryDirectory: Sendable {
    let path: String

    init(_ purpose: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "swiftwater-\(purpose)-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        Reaper.shared.watch(directory: path)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
