import Synchronization

/// A broker process that takes faults from its test.
final class FaultyBroker: Sendable {
    private let process: ChildProcess
    private let told = Mutex(0)
    let cluster: TestCluster

    static func with<Result>(_ body: (FaultyBroker) async throws -> Result) async throws -> Result {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        return try await broker.running(["--faults-from-input"]) { process in
            try await body(FaultyBroker(process, TestCluster(broker.bootstrapServers)))
        }
    }

    private init(_ process: ChildProcess, _ cluster: TestCluster) {
        self.process = process
        self.cluster = cluster
    }

    /// Waits until the broker has taken the line; gives the number in its answer.
    @discardableResult
    func tell(_ line: String) async throws -> Int {
        let index = told.withLock { told in
            defer { told += 1 }
            return told
        }
        try await process.write(line + "\n")
        let answer = try await process.wait(for: "answer to '\(line)'") { snapshot in
            snapshot.output.count > index ? snapshot.output[index] : nil
        }
        guard answer.hasPrefix("ok") else { throw ChildError("'\(line)': \(answer)") }
        return answer.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }
}
