import Logging
import Synchronization
import Testing

@testable import Swiftwater

@Suite struct DroppedRecordsTests {
    @Test func `K-18 S-13 what is left out is counted, and logged once an interval unless it was asked for`() {
        let lines = Lines()
        let clock = EngineFixture.Clock()
        let dropped = DroppedRecords(clock: clock, logger: Logger(label: "test") { _ in Handler(lines: lines) })
        for time in [0, 9_999, 10_000] as [Timestamp] {
            clock.time = time
            dropped.add(.nullKey, node: "counts", record: nil)
            dropped.add(.duplicate, node: "once", record: nil)
        }
        #expect(dropped.byReason == [.nullKey: 3, .duplicate: 3])
        #expect(lines.all == ["counts null-key", "counts null-key"])
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = event.metadata ?? [:]
            lines.append("\(fields["node"] ?? "") \(fields["reason"] ?? "")")
        }
    }
}
