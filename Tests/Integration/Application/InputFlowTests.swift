import Logging
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// What becomes of records in repartition topics, and where reading begins and stops.
@Suite(.integration) struct InputFlowTests {
    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { "w\($0 % 7) w\($0 % 11)" }
    }

    private static func expected(_ lines: [String]) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for line in lines { for word in line.split(separator: " ") { counts[String(word), default: 0] += 1 } }
        return counts
    }

    @Test func `S-108 R-10 a repartition topic is purged up to what is committed, an input never`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(try fixture.wordCount()) {
                $0.repartitionPurgeInterval = .milliseconds(100)
            }
            try await application.start()
            var all: [String] = []
            for _ in 0..<5 {
                let lines = Self.lines(100)
                all += lines
                try await fixture.produce(lines, to: "lines")
                let standing = try await fixture.standing(of: StreamsFixture.repartition, group: "app")
                #expect(standing.allSatisfy { $0.beginning <= $0.committed })
            }
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await eventually("everything that is committed is purged") {
                let standing = try await fixture.standing(of: StreamsFixture.repartition, group: "app")
                return standing.contains { $0.end > 0 } && standing.allSatisfy { $0.beginning >= $0.committed }
            }
            try await application.stop()
            #expect(try await fixture.standing(of: "lines", group: "app").allSatisfy { $0.beginning == 0 })
            #expect(try await fixture.lastCounts(in: "counts") == Self.expected(all))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `R-05 an input of which too much is queued is paused, and read on when half of it is processed`() async throws
    {
        try await StreamsFixture.run { fixture in
            for topic in ["full", "empty", "out"] { try await fixture.create(topic, partitions: 1) }
            let builder = StreamsBuilder()
            builder.stream([fixture.topic("full"), fixture.topic("empty")], key: .optional(.string), value: .string)
                .to(fixture.topic("out"), key: .optional(.string), value: .string)
            let log = LogLines(level: .debug)
            let application = try fixture.application(try builder.build(), logger: log.logger) {
                $0.bufferedRecordsPerPartition = 100
                // The task processes nothing while one of its inputs is empty.
                $0.maximumTaskIdle = .seconds(3_600)
            }
            let values = (0..<5_000).map { "v\($0)" }
            try await fixture.produce(values, to: "full", age: .seconds(60))
            try await application.start()
            let first = await log.line(with: "input paused")
            #expect(first?.contains(fixture.topic("full")) == true)
            // Later than all others, so that none of them waits for more of it.
            try await fixture.produce(["last"], to: "empty")
            try await fixture.waitUntilCommitted(["full"], group: "app")
            try await application.stop()

            let flow = log.lines(with: "input ").compactMap { line in
                line.firstMatch(of: /input (paused|resumed) .*queued=(\d+)/).map { (String($0.1), Int($0.2) ?? -1) }
            }
            #expect(flow.count >= 2)
            for (index, step) in flow.enumerated() {
                // While it is paused nothing comes; what one poll of the consumer brings may stand above the limit.
                if index % 2 == 0 {
                    #expect(step.0 == "paused" && (101...2_100).contains(step.1), "\(flow)")
                } else {
                    #expect(step.0 == "resumed" && (0...50).contains(step.1), "\(flow)")
                }
            }
            let out = try await fixture.cluster.records(of: fixture.topic("out")).compactMap(\.text)
            #expect(out == values)
        }
    }

    @Test func `C-02 without an offset, an application may begin at the records younger than a duration`() async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 3)
            try await fixture.create("counts", partitions: 1)
            // To partitions 0 and 1 something old and something new, to 2 something old alone.
            try await fixture.produce(["old", "old", "old"], to: "lines", age: .seconds(3_600))
            try await fixture.produce(["new", "new"], to: "lines")
            let application = try fixture.application(try fixture.wordCount()) {
                $0.offsetReset = .byDuration(.seconds(1_800))
            }
            try await application.start()
            try await application.wait(for: .running)
            try await fixture.produce(["later", "later", "later"], to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await application.stop()
            #expect(try await fixture.lastCounts(in: "counts") == ["new": 2, "later": 3])
        }
    }

    @Test func `L-02 TL-03 R-17 state is removed only when nothing runs, and its restoration is told to its end`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            let lines = Self.lines(100)
            try await fixture.produce(lines, to: "lines")
            let first = try fixture.application(try fixture.wordCount())
            try await first.start()
            try await first.wait(for: .running)
            let refusal = #expect(throws: StreamsError.self) { try first.cleanUp() }
            #expect(refusal?.code == .invalidState)
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await first.stop()
            #expect(first.state == .stopped)
            try first.cleanUp()

            let log = RestoreLog()
            let second = try fixture.application(try fixture.wordCount()) { $0.restoreListener = log }
            try await second.start()
            try await second.wait(for: .running)
            try await second.stop()
            #expect(!log.restores.isEmpty)
            #expect(log.started.map(\.topic).sorted() == log.restores.map(\.topic).sorted())
            for restore in log.restores {
                #expect(restore.startingOffset == 0 && restore.endOffset > 0)
                #expect(log.records[restore.partition] == restore.restoredRecords)
            }
            let restored = log.restores.reduce(0) { $0 + $1.restoredRecords }
            #expect(restored >= Self.expected(lines).count)
        }
    }
}
