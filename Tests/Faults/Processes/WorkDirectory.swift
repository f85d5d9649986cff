import Foundation

/// Where a run keeps logs, the broker's data and the workers' state.
struct WorkDirectory {
    let root: String

    init(named name: String) throws {
        root = NSTemporaryDirectory() + name
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func remove() { try? FileManager.default.removeItem(atPath: root) }
}
