import Foundation
import Synchronization

/// `swiftwater broker` as a process of its own, on a directory and a port that it keeps over restarts.
///
/// Tests that kill the broker use one each; all others share ``shared``, which lives as long as the test process. It is a
/// process too, because tests of other suites block Swift's threads, on which a broker of this process would have to answer.
final class BrokerProcess: Sendable {
    let directory: TemporaryDirectory
    private let port = Mutex(0)

    init() throws {
        directory = try TemporaryDirectory("broker")
    }

    var bootstrapServers: String { "127.0.0.1:\(port.withLock { $0 })" }

    /// Runs the broker for as long as the body runs; on the same port as the last time.
    func running<Result>(
        _ options: [String] = [], environment: [String: String] = [:], _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let port = port.withLock { $0 }
        let arguments = ["broker", "--data", directory.path, "--port", "\(port)"] + options
        return try await ChildProcess.with(try Programs.swiftwater, arguments, environment: environment) { child in
            let bound = try await child.line("address", on: .error) { line in
                line.firstMatch(of: /broker listens on [^ ]+:(\d+);/).flatMap { Int($0.1) }
            }
            self.port.withLock { $0 = bound }
            return try await body(child)
        }
    }

    /// A broker of its own for one test.
    static func with<Result>(_ body: (BrokerProcess, ChildProcess) async throws -> Result) async throws -> Result {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        return try await broker.running { try await body(broker, $0) }
    }

    // MARK: The one that tests share

    /// The address of the broker of this test process, which the first caller starts.
    static func sharedServers() async throws -> String { try await shared.value }

    private static let shared = Task {
        let broker = try BrokerProcess()
        return try await withCheckedThrowingContinuation { (started: CheckedContinuation<String, any Error>) in
            Task {
                do {
                    try await broker.running { child in
                        started.resume(returning: broker.bootstrapServers)
                        // The reaper ends it together with this process.
                        _ = try? await child.end(limit: .seconds(86_400))
                    }
                } catch {
                    started.resume(throwing: error)
                }
            }
        }
    }
}
