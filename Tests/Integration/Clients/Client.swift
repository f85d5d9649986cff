import Foundation
import Testing

/// A Kafka client of others, run as a process: all take and print records the same way.
enum Client: String, CaseIterable, CustomTestStringConvertible {
    case kcat, confluent
    case kafkaPython = "kafka-python"

    var testDescription: String { rawValue }

    /// Reads "key, tab, value" lines and ends with 0 when every record is acknowledged by all replicas.
    func producing<Result>(
        to topic: String, at servers: String, codec: String = "none",
        _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let own =
            self == .kcat
            ? [
                "-P", "-E", "-vvv", "-t", topic, "-z", codec, "-K", "\t", "-X", "enable.idempotence=true", "-X",
                "linger.ms=5",
                "-X", "reconnect.backoff.max.ms=500",
            ] : ["produce", servers, topic, "--codec", codec]
        return try await run(own, servers, body)
    }

    func produce(_ lines: [String], to topic: String, at servers: String, codec: String = "none") async throws {
        try await producing(to: topic, at: servers, codec: codec) { child in
            try await child.write(lines.map { "\($0)\n" }.joined())
            child.closeInput()
            let end = try await child.end()
            if end.status != 0 { throw ChildError("\(child.command) ended with \(end.status ?? -1)") }
        }
    }

    /// How many records the child knows to be acknowledged.
    func acknowledged(_ snapshot: ChildProcess.Snapshot) -> Int {
        switch self {
        case .kcat: snapshot.error.count { $0.contains("Message delivered") }
        case .confluent, .kafkaPython: snapshot.output.count
        }
    }

    /// Whether a consumer sees records of transactions before their commit, and after their abort.
    enum Isolation: String {
        case readUncommitted = "read_uncommitted"
        case readCommitted = "read_committed"
    }

    /// All records of the topic.
    func consume(
        _ topic: String, at servers: String, isolation: Isolation = .readCommitted
    ) async throws -> [ClientRecord] {
        let own =
            self == .kcat
            ? [
                "-C", "-q", "-t", topic, "-o", "beginning", "-e", "-f", ClientRecord.kcatFormat, "-X",
                "isolation.level=\(isolation.rawValue)",
            ] : ["consume", servers, topic, "--isolation", isolation.rawValue]
        return try await run(own, servers) { child in
            let end = try await child.end()
            if end.status != 0 { throw ChildError("\(child.command) ended with \(end.status ?? -1)") }
            return try end.output.map(ClientRecord.init(line:))
        }
    }

    /// Reads as a member of the group until SIGTERM; commits then.
    func member<Result>(
        of group: String, reading topic: String, at servers: String, _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let own =
            self == .kcat
            ? [
                "-G", group, "-u", "-X", "auto.offset.reset=earliest", "-X", "heartbeat.interval.ms=500",
                "-X", "session.timeout.ms=10000", "-f", ClientRecord.kcatFormat, topic,
            ] : ["member", servers, topic, "--group", group]
        return try await run(own, servers, body)
    }

    /// The partitions that a member has, by the last line that tells of them.
    func assignment(_ snapshot: ChildProcess.Snapshot) -> Set<Int> {
        for line in snapshot.error.reversed() {
            guard let text = line.firstRange(of: "assigned: ").map({ line[$0.upperBound...] }) ?? empty(line) else {
                continue
            }
            let numbers = self == .kcat ? text.matches(of: /\[(\d+)\]/).map(\.1) : text.split(separator: " ")
            return Set(numbers.compactMap { Int($0) })
        }
        return []
    }

    /// A line that takes partitions away, or gives none.
    private func empty(_ line: String) -> Substring? {
        line.contains("revoked: ") || line == "assigned:" ? "" : nil
    }

    private func run<Result>(
        _ own: [String], _ servers: String, _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .kcat:
            return try await ChildProcess.with(try Programs.kcat, ["-b", servers] + own, body)
        case .confluent, .kafkaPython:
            return try await ChildProcess.with(
                try Programs.python, [Programs.script("client.py"), rawValue] + own, body)
        }
    }
}
