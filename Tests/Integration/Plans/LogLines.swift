import Foundation
import Logging
import Synchronization

/// What an application logs, for waiting and comparing.
final class LogLines: Sendable {
    private struct State {
        var lines: [String] = []
        var waiting: [(needle: String, continuation: AsyncStream<String>.Continuation)] = []
    }

    private let state = Mutex(State())

    private let level: Logger.Level

    init(level: Logger.Level = .info) {
        self.level = level
    }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self, logLevel: level) }
    }

    /// All lines with the text so far.
    func lines(with needle: String) -> [String] {
        state.withLock { $0.lines.filter { $0.contains(needle) } }
    }

    /// Returns the first line with the text, also one that was logged before; nil if the test is cancelled.
    func line(with needle: String) async -> String? {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        state.withLock { state in
            if let line = state.lines.first(where: { $0.contains(needle) }) {
                continuation.yield(line)
            } else {
                state.waiting.append((needle, continuation))
            }
        }
        for await line in stream { return line }
        return nil
    }

    private func append(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            for waiter in state.waiting where line.contains(waiter.needle) { waiter.continuation.yield(line) }
        }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let fields = all.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            let line = "\(event.level) \(event.message) \(fields)"
            if ProcessInfo.processInfo.environment["SWIFTWATER_TEST_LOG"] != nil { print(line) }
            lines.append(line)
        }
    }
}
