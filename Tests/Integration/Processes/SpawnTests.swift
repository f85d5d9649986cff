import Foundation
import Glibc
import Testing

/// What a child gets of its parent: three streams, and nothing else that is open.
@Suite(.integration) struct SpawnTests {
    /// Opens a socket that a child would inherit, for as long as the body runs.
    private func withSocket<Result>(_ body: (Int32) async throws -> Result) async throws -> Result {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        try #require(descriptor > 2)
        try #require(fcntl(descriptor, F_GETFD) == 0, "it is not marked to be closed")
        return try await body(descriptor)
    }

    @Test(.timeLimit(.minutes(1))) func `a child of a test has its three streams and nothing else`() async throws {
        let child = try await withSocket { _ in
            // The shell goes on after it, so that what is listed is the shell's own.
            try await ChildProcess.run(URL(filePath: "/bin/sh"), ["-c", "ls /proc/$$/fd; :"])
        }
        #expect(child.status == 0)
        #expect(child.output == ["0", "1", "2"])
    }

    @Test(.timeLimit(.minutes(2))) func `a child of the fault suite has its three streams and nothing else`()
        async throws
    {
        let folder = try TemporaryDirectory("spawn")
        defer { folder.remove() }
        let file = "\(folder.path)/inherited"
        // The fault suite's own process has the file open, as it would have a socket.
        let script = "exec 9>'\(file)'; exec '\(try Programs.torture.path)' crash --at afterStores:3"
        let environment = ["TMPDIR": folder.path]
        try await ChildProcess.with(URL(filePath: "/bin/sh"), ["-c", script], environment: environment) { suite in
            let broker = try await eventualValue("a broker of the fault suite") {
                Self.children(of: suite.processID).first { Self.arguments(of: $0).contains("broker") }
            }
            #expect(Self.open(by: suite.processID).contains(file))
            let open = Self.open(by: broker)
            #expect(open.contains { $0.hasSuffix("broker.log") })
            #expect(!open.contains(file))
        }
    }

    private static func children(of process: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread in
            let children = try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/children", encoding: .utf8)
            return (children ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    private static func arguments(of process: Int32) -> [String] {
        let line = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
        return line.split(separator: "\0").map(String.init)
    }

    /// What its open descriptors lead to.
    private static func open(by process: Int32) -> [String] {
        let folder = "/proc/\(process)/fd"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
    }
}
