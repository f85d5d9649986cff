import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// An application on a broker: what comes out is what a model counts, whoever does the work.
@Suite(.integration) struct WordCountApplicationTests {
    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { "w\($0 % 7) w\($0 % 11) w\($0 % 13)" }
    }

    private static func expected(_ lines: [String]) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for line in lines { for word in line.split(separator: " ") { counts[String(word), default: 0] += 1 } }
        return counts
    }

    private func finish(_ fixture: StreamsFixture, _ applications: [StreamsApplication]) async throws {
        try await fixture.waitUntilCommitted(["lines"], group: "app")
        try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
        for application in applications { try await application.stop() }
    }

    @Test func `R-07 R-08 words are counted through a repartition topic, and a restart goes on without restoring`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 4)
            try await fixture.create("counts", partitions: 3)
            let lines = Self.lines(300)
            try await fixture.produce(lines, to: "lines")
            let first = try fixture.application(try fixture.wordCount())
            try await first.start()
            try await first.wait(for: .running)
            try await finish(fixture, [first])
            #expect(first.state == .stopped)
            #expect(try await fixture.lastCounts(in: "counts") == Self.expected(lines))

            let restores = RestoreLog()
            let more = Self.lines(50)
            try await fixture.produce(more, to: "lines")
            let second = try fixture.application(try fixture.wordCount()) { $0.restoreListener = restores }
            try await second.start()
            try await finish(fixture, [second])
            #expect(restores.restores.isEmpty)
            #expect(try await fixture.lastCounts(in: "counts") == Self.expected(lines + more))
        }
    }

    @Test func `R-14 state that is lost comes back from the changelog`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 2)
            let lines = Self.lines(100)
            try await fixture.produce(lines, to: "lines")
            let first = try fixture.application(try fixture.wordCount())
            try await first.start()
            try await finish(fixture, [first])

            let restores = RestoreLog()
            try await fixture.produce(lines, to: "lines")
            let second = try fixture.application(try fixture.wordCount(), directory: "another machine") {
                $0.restoreListener = restores
            }
            try await second.start()
            try await finish(fixture, [second])
            #expect(try await fixture.lastCounts(in: "counts") == Self.expected(lines + lines))
            #expect(Set(restores.restores.map(\.store)) == ["counts"])
            // Every key at least once; at most what was written.
            let restored = restores.restores.reduce(0) { $0 + $1.restoredRecords }
            #expect(restored >= 13)
            #expect(restores.restores.allSatisfy { $0.startingOffset == 0 })
        }
    }

    @Test func `R-02 two processes share the tasks, and the counts are exact when one stops`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 4)
            try await fixture.create("counts", partitions: 2)
            var all: [String] = []
            func feed() async throws {
                let lines = Self.lines(200)
                all += lines
                try await fixture.produce(lines, to: "lines")
            }
            try await feed()
            let first = try fixture.application(try fixture.wordCount(), directory: "a")
            let second = try fixture.application(try fixture.wordCount(), directory: "b") { $0.threads = 2 }
            try await first.start()
            try await first.wait(for: .running)
            try await feed()
            try await second.start()
            try await second.wait(for: .running)
            try await feed()
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await feed()
            try await first.stop()
            try await feed()
            try await finish(fixture, [second])
            #expect(try await fixture.lastCounts(in: "counts") == Self.expected(all))
            // Cached counts rise: none is told twice, none goes back.
            var last: [String: Int64] = [:]
            for (key, value) in try await fixture.counts(in: "counts") {
                #expect(value > last[key, default: 0], "\(key)")
                last[key] = value
            }
        }
    }

    @Test func `a member with another plan waits until the others are gone, and no record is processed twice`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            let lines = Self.lines(60)
            try await fixture.produce(lines, to: "lines")
            let old = try fixture.application(try Self.plain(fixture, named: "old"), directory: "a")
            try await old.start()
            try await old.wait(for: .running)
            let new = try fixture.application(try Self.plain(fixture, named: "new"), directory: "b")
            try await new.start()
            try await new.wait(for: .waitingForPeers)
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.produce(lines, to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            #expect(new.state == .waitingForPeers)
            #expect(old.state == .running)
            try await old.stop()
            try await new.wait(for: .running)
            try await fixture.produce(lines, to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await new.stop()
            let written = try await fixture.counts(in: "counts")
            let byPlan = Dictionary(grouping: written, by: \.key).mapValues(\.count)
            #expect(byPlan == ["old": 120, "new": 60])
        }
    }

    /// One record out for each in, under the plan's name.
    private static func plain(_ fixture: StreamsFixture, named name: String) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
            .map(named: name) { _, _ in (name, Int64(1)) }
            .to(fixture.topic("counts"), key: .string, value: .int64)
        return try builder.build()
    }
}
