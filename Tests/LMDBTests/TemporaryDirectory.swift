import Foundation

/// A directory that is removed with everything in it when the test is over.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/lmdb-tests-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        path = made ?? "/nonexistent"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A new folder inside.
    func folder(_ name: String) -> String {
        let folder = "\(path)/\(name)"
        mkdir(folder, 0o755)
        return folder
    }
}
