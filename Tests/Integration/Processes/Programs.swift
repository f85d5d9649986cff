import Foundation

/// Where the programs are that tests start.
enum Programs {
    /// The package's folder.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static var swiftwater: URL { get throws { try built("swiftwater") } }
    static var torture: URL { get throws { try built("swiftwater-torture") } }
    static var wordCount: URL { get throws { try built("WordCount") } }

    /// The interpreter that has the Python clients of Kafka.
    static var python: URL {
        get throws { try installed(package.appending(path: ".build/clients/bin/python")) }
    }
    static var kcat: URL { get throws { try installed(URL(filePath: "/usr/bin/kcat")) } }

    static func script(_ name: String) -> String {
        package.appending(path: "Tests/Integration/Clients/Scripts/\(name)").path
    }

    /// Executables of the package stand beside the test bundle.
    private static func built(_ name: String) throws -> URL {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let candidates = [
            URL(filePath: bundle).deletingLastPathComponent(),
            URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
            package.appending(path: ".build/debug"),
        ]
        let urls = candidates.map { $0.appending(path: name) }
        guard let found = urls.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw ChildError("\(name) is not built in any of \(urls.map(\.path)): run 'swift build'")
        }
        return found
    }

    private static func installed(_ url: URL) throws -> URL {
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw ChildError("\(url.path) is missing: run .ci/install, which installs the clients that tests use")
        }
        return url
    }
}
