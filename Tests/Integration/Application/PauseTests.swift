import Swiftwater
import SwiftwaterKafka
import Synchronization
import Testing

/// What a paused application does and does not do (KIP-834).
@Suite(.integration) struct PauseTests {
    /// What an application was seen to do.
    private final class Seen: TimestampExtractor {
        private struct Events {
            var polled = 0
            var processed: [String] = []
            var punctuated: [Timestamp] = []
        }

        private let events = Mutex(Events())

        /// Records that came to be the next of their partition, which polling alone brings about where nothing is queued.
        var polled: Int { events.withLock { $0.polled } }
        var processed: [String] { events.withLock { $0.processed } }
        var punctuated: [Timestamp] { events.withLock { $0.punctuated } }

        func process(_ value: String) { events.withLock { $0.processed.append(value) } }

        func punctuate(_ time: Timestamp) { events.withLock { $0.punctuated.append(time) } }

        func timestamp<Key, Value>(
            of record: borrowing Record<Key, Value>,
            metadata: @autoclosure () -> RecordMetadata,
            partitionTime: Timestamp
        ) throws -> Timestamp {
            events.withLock { $0.polled += 1 }
            return record.timestamp
        }
    }

    /// Notes every record, and every punctuation of one each millisecond.
    private func noting(_ fixture: StreamsFixture, _ seen: Seen) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
            .process { (context: ProcessorContext<String?, String>) in
                _ = try context.schedule(every: .milliseconds(1), .wallClockTime) { seen.punctuate($0) }
                return { record in
                    seen.process(record.value)
                    try context.forward(record)
                }
            }
            .to(fixture.topic("out"), key: .optional(.string), value: .string)
        return try builder.build()
    }

    @Test(.timeLimit(.minutes(2)), arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `S-107 R-16 a paused application polls and commits, and neither processes nor punctuates`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("out", partitions: 1)
            let seen = Seen()
            let application = try fixture.application(try noting(fixture, seen)) {
                $0.processingGuarantee = guarantee
                $0.timestampExtractor = seen
                // Long enough for the pause to come before the commit.
                $0.commitInterval = .seconds(2)
            }
            try await application.start()
            try await application.wait(for: .running)
            #expect(!application.isPaused)
            try await fixture.produce(["a"], to: "lines")
            try await eventually("a is processed") { seen.processed == ["a"] }
            application.pause()
            #expect(application.isPaused)
            try await fixture.waitUntilCommitted(["lines"], group: "app")

            // Each comes with a poll of its own, and between the polls is a whole turn of the thread.
            try await fixture.produce(["b"], to: "lines")
            try await eventually("b is polled") { seen.polled == 2 }
            let punctuated = seen.punctuated.count
            try await fixture.produce(["c", "d"], to: "lines")
            try await eventually("d is polled") { seen.polled == 3 }
            #expect(seen.processed == ["a"])
            #expect(seen.punctuated.count == punctuated)
            #expect(application.state == .running)
            #expect(try await fixture.standing(of: "lines", group: "app").map(\.committed) == [1, 0])

            application.resume()
            #expect(!application.isPaused)
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            #expect(seen.processed.sorted() == ["a", "b", "c", "d"])
            try await eventually("it punctuates again") { seen.punctuated.count > punctuated }
            try await application.stop()
            // What was missed is not called: the two tasks punctuate once each at a time.
            let calls = Dictionary(grouping: seen.punctuated) { $0 }
            #expect(calls.values.allSatisfy { $0.count <= 2 })
            let out = try await fixture.cluster.records(of: fixture.topic("out"))
            #expect(out.compactMap(\.text).sorted() == ["a", "b", "c", "d"])
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `S-107 R-16 an application that starts paused takes its tasks and restores them when it is resumed`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            let first = try fixture.application(try fixture.wordCount())
            try await first.start()
            try await fixture.produce(["a b", "b c"], to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await first.stop()

            let log = RestoreLog()
            let second = try fixture.application(try fixture.wordCount(), directory: "b") { $0.restoreListener = log }
            second.pause()
            try await second.start()
            #expect(second.isPaused)
            try await eventually("its tasks are open") {
                try await second.localStorePartitionLags()["counts"]?.count == 2
            }
            try await fixture.produce(["c", "d"], to: "lines")
            // Reading the topic takes longer than beginning to restore.
            #expect(try await fixture.lastCounts(in: "counts") == ["a": 1, "b": 2, "c": 1])
            #expect(log.started.isEmpty)
            #expect(second.state == .rebalancing)

            second.resume()
            try await second.wait(for: .running)
            #expect(log.restores.reduce(0) { $0 + $1.restoredRecords } == 3)
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await second.stop()
            #expect(try await fixture.lastCounts(in: "counts") == ["a": 1, "b": 2, "c": 2, "d": 1])
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `R-16 a pause holds for one process, and what it left is processed where its partitions go`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("out", partitions: 1)
            let (left, right) = (Seen(), Seen())
            func application(_ directory: String, _ seen: Seen) throws -> StreamsApplication {
                try fixture.application(try noting(fixture, seen), directory: directory) {
                    $0.timestampExtractor = seen
                }
            }
            let (paused, other) = (try application("a", left), try application("b", right))
            try await paused.start()
            try await paused.wait(for: .running)
            try await other.start()
            try await eventually("each has a partition") {
                !left.punctuated.isEmpty && !right.punctuated.isEmpty && paused.state == .running
                    && other.state == .running
            }
            paused.pause()
            #expect(!other.isPaused)
            try await fixture.produce(["a", "b"], to: "lines")
            try await eventually("both have polled, one has processed") {
                left.polled == 1 && right.processed.count == 1
            }
            #expect(left.processed.isEmpty)

            try await paused.stop()
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await other.stop()
            #expect(left.processed.isEmpty)
            #expect(right.processed.sorted() == ["a", "b"])
        }
    }
}
