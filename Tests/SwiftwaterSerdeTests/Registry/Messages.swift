import Foundation

/// The `.proto` file of the tests' messages, as it would be given to a registry.
enum Messages {
    static func text() throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: "Messages/orders.proto"), encoding: .utf8)
    }
}
