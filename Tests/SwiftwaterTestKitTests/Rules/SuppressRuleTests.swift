import Swiftwater
import SwiftwaterTestKit
import Synchronization
import Testing

@Suite struct SuppressRuleTests {
    /// Counts in windows, without the records whose value is "hidden".
    private func final<W: Windows>(_ windows: W) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in").filter { _, value in value != "hidden" }
            .groupByKey(key: .string)
            .windowedBy(windows)
            .count(as: "s")
            .suppress(.untilWindowCloses())
            .writeWindows()
        return builder
    }

    private func limited(
        _ duration: Duration,
        _ buffer: SuppressionBuffer = .unbounded,
        history: Duration? = nil
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: Materialized("t", history: history))
            .suppress(.untilTimeLimit(duration, buffer))
            .toStream()
            .to("out", key: .string, value: .string)
        return builder
    }

    @Test func `S-63 a final result is told when stream time is its window's end and the grace`() throws {
        let run = try StepRun(
            final(TimeWindows(size: .seconds(10), grace: .seconds(2))),
            [("in", "k", "", 1_000), ("in", "k", "", 500), ("in", "x", "", 11_999), ("in", "x", "", 12_000)])
        #expect(run.steps == [[], [], [], ["k[0=2@1000"]])
        let ungraced = try StepRun(
            final(TimeWindows(size: .seconds(10))), [("in", "k", "", 1_000), ("in", "x", "", 10_000)])
        #expect(ungraced.steps == [[], ["k[0=1@1000"]])
    }

    @Test func `S-63 the grace is found above operators in between, with the gap of sessions`()
        throws
    {
        let sessions = StreamsBuilder()
        sessions.texts("in").groupByKey(key: .string)
            .windowedBy(SessionWindows(inactivityGap: .milliseconds(10), grace: .milliseconds(2)))
            .count(as: "s")
            .suppress(.untilTimeLimit(.zero))
            .suppress(.untilWindowCloses())
            .writeSessions()
        let run = try StepRun(sessions, [("in", "k", "", 5), ("in", "x", "", 16), ("in", "x", "", 17)])
        #expect(run.steps == [[], [], ["k[5-5=1@5"]])

        let plain = StreamsBuilder()
        plain.table("in", key: .string, value: .string).suppress(.untilWindowCloses()).toStream()
            .to("out", key: .string, value: .string)
        let error = #expect(throws: StreamsError.self) { try plain.build() }
        #expect(error?.code == .invalidTopology)
    }

    @Test func `S-64 only updates that reach the suppression move its time on`() throws {
        let run = try StepRun(
            final(TimeWindows(size: .seconds(10))),
            [("in", "k", "", 1_000), ("in", "k", "hidden", 100_000), ("in", "k", "", 2_000), ("in", "k", "", 10_000)])
        #expect(run.steps == [[], [], [], ["k[0=2@2000"]])
    }

    @Test func `S-65 final results leave deletions out, a time limit does not`() throws {
        let sessions = StreamsBuilder()
        sessions.texts("in").groupByKey(key: .string)
            .windowedBy(SessionWindows(inactivityGap: .milliseconds(10)))
            .count(as: "s")
            .suppress(.untilWindowCloses())
            .writeSessions()
        let run = try RuleRun(sessions, [("in", "k", "", 0), ("in", "k", "", 5), ("in", "x", "", 100)])
        #expect(run["out"] == ["k[0-5=2@5"])
        let table = try RuleRun(
            limited(.milliseconds(10)), [("in", "k", "v", 0), ("in", "k", nil, 1), ("in", "x", "", 20)])
        #expect(table["out"] == ["k=null@1"])
    }

    @Test func `S-66 an update takes the place of the one held back before it, and is told as it is`() throws {
        let run = try StepRun(
            limited(.milliseconds(10)),
            [("in", "k", "a", 0), ("in", "l", "b", 3), ("in", "k", "c", 9), ("in", "x", "", 10), ("in", "x", "", 13)])
        #expect(run.steps == [[], [], [], ["k=c@9"], ["l=b@3"]])
    }

    @Test func `S-67 a full buffer tells the oldest early or ends the application, after what was due`() throws {
        let early = try StepRun(
            limited(.seconds(1), .maxRecords(2)),
            [("in", "b", "1", 5), ("in", "a", "2", 3), ("in", "b", "3", 6), ("in", "c", "4", 7)])
        #expect(early.steps == [[], [], [], ["a=2@3"]])
        let strict = limited(.milliseconds(10), .maxRecords(1, whenFull: .shutDown))
        let due = try StepRun(strict, [("in", "a", "1", 0), ("in", "b", "2", 10)])
        #expect(due.steps == [[], ["a=1@0"]])
        let error = #expect(throws: StreamsError.self) {
            try StepRun(strict, [("in", "a", "1", 0), ("in", "b", "2", 9)])
        }
        #expect(error?.code == .processing)
    }

    @Test func `S-67 a buffer's bytes are counted as Kafka Streams counts them`() throws {
        // 28 for times, offset and partition, "in", the key and the value; an update has the value before it once.
        let inputs: [RuleRun.Input] = [("in", "k", "v", 5), ("in", "k", "w", 6), ("in", "k", "x", 7)]
        #expect(try StepRun(limited(.seconds(1), .maxBytes(33)), inputs).steps == [[], [], []])
        #expect(try StepRun(limited(.seconds(1), .maxBytes(32)), inputs).steps == [[], ["k=w@6"], ["k=x@7"]])
        #expect(try StepRun(limited(.seconds(1), .maxBytes(31)), inputs).steps == [["k=v@5"], ["k=w@6"], ["k=x@7"]])
    }

    /// Keeps what it is asked about, and goes on.
    private final class Asked: ProcessingExceptionHandler {
        let origins = Mutex<[RecordOrigin]>([])

        func handle(_ failure: ProcessingFailure) -> ExceptionResponse {
            origins.withLock { $0.append(failure.origin) }
            return .resume
        }
    }

    @Test func `S-66 what is told late is told as where it came from, not as the record that let it go`() throws {
        let builder = StreamsBuilder()
        let told = builder.table("in", key: .string, value: .string, as: Materialized("t", cached: false))
            .suppress(.untilTimeLimit(.milliseconds(10)))
            .toStream()
        told.processValues { (context: FixedKeyProcessorContext<String, String>) in
            { record in try context.forward(record.with(value: "\(context.recordMetadata?.offset ?? -1)")) }
        }.to("out", key: .string, value: .string)
        told.mapValues { value throws -> String? in throw SerdeError("not \(value ?? "null")") }
            .to("none", key: .string, value: .optional(.string))
        let asked = Asked()
        let run = try RuleRun(
            builder, processingHandler: asked, [("in", "a", "v", 0), ("in", "a", "w", 5), ("in", "b", "x", 20)])
        #expect(run["out"] == ["a=1@5"])
        let origins = asked.origins.withLock { $0 }
        #expect(origins.map(\.metadata?.offset) == [1])
        #expect(origins.map(\.rawValue) == [nil])
    }

    @Test func `S-68 updates of a versioned table cannot be held back`() throws {
        let error = #expect(throws: StreamsError.self) {
            try limited(.seconds(1), history: .seconds(60)).build()
        }
        #expect(error?.code == .invalidTopology)
    }
}
