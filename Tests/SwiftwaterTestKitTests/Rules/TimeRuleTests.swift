import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TimeRuleTests {
    @Test func `S-01 R-21 an operator closes windows by the times it has seen itself, not by the task's`() throws {
        let builder = StreamsBuilder()
        let counted = builder.texts("a")
        counted.groupByKey(key: .string)
            .windowedBy(TimeWindows(size: .seconds(10)))
            .count(as: "counts")
            .writeWindows()
        counted.merge(builder.texts("b")).to("all", key: .string, value: .string)
        let run = try RuleRun(
            builder,
            [
                ("b", "k", "far ahead", 1_000_000), ("a", "k", "not late", 5_000), ("a", "k", "later", 15_000),
                ("a", "k", "late", 6_000),
            ])
        #expect(run["out"] == ["k[0=1@5000", "k[10000=1@15000"])
        #expect(run.dropped == [.late: 1])
    }

    /// Kafka's time, a second later.
    private struct Later: TimestampExtractor {
        func timestamp<Key, Value>(
            of record: borrowing Record<Key, Value>,
            metadata: @autoclosure () -> RecordMetadata,
            partitionTime: Timestamp
        ) -> Timestamp {
            Timestamp(rawValue: record.timestamp.rawValue + 1_000)
        }
    }

    @Test func `S-07 behind a repartition topic the event time stays, whatever the application's extractor`() throws {
        let builder = StreamsBuilder()
        builder.texts("in")
            .groupBy(key: .string) { _, value in value }
            .count(as: "counts")
            .toStream()
            .to("out", key: .string, value: .int64)
        let run = try RuleRun(builder, timestampExtractor: Later(), [("in", nil, "word", 5)])
        #expect(run["test-counts-repartition"].map { $0.suffix(5) } == ["@1005"])
        #expect(run["out"] == ["word=1@1005"])
    }

    @Test func `S-10 operators without state keep the time of their input`() throws {
        let builder = StreamsBuilder()
        builder.texts("in")
            .filter { _, _ in true }
            .map { key, value in (key ?? "", value ?? "") }
            .mapValues { $0 + "!" }
            .flatMap { key, value in [(key, value), (key + key, value)] }
            .flatMapValues { [$0, $0 + "?"] }
            .selectKey { key, _ in key }
            .peek { _, _ in }
            .to("out", key: .string, value: .string)
        let run = try RuleRun(builder, [("in", "k", "v", 77), ("in", "k", "w", 3)])
        #expect(
            run["out"] == [
                "k=v!@77", "k=v!?@77", "kk=v!@77", "kk=v!?@77", "k=w!@3", "k=w!?@3", "kk=w!@3", "kk=w!?@3",
            ])
    }

    @Test func `S-10 a processor may give a record another time, but none before the epoch`() throws {
        let builder = StreamsBuilder()
        builder.texts("in")
            .process { (context: ProcessorContext<String, String>) in
                { record in
                    var next = Record(key: record.key ?? "", value: record.value ?? "", timestamp: record.timestamp)
                    next.timestamp = Timestamp(rawValue: Int64(next.value) ?? 0)
                    try context.forward(next)
                }
            }
            .to("out", key: .string, value: .string)
        #expect(try RuleRun(builder, [("in", "k", "42", 7)])["out"] == ["k=42@42"])
        #expect(throws: StreamsError.self) { try RuleRun(builder, [("in", "k", "-1", 7)]) }
    }

    @Test func `S-44 S-45 stream time punctuates from the first record on, and once after a gap`() throws {
        let run = try RuleRun(
            punctuated { context, out in
                try context.schedule(every: .seconds(10), .streamTime) { now in try out(now, "p") }
            },
            [("in", "k", "a", 3_000), ("in", "k", "b", 9_999), ("in", "k", "c", 41_000), ("in", "k", "d", 49_999)])
        #expect(run["out"] == ["at=p@3000", "at=p@41000"])
    }

    @Test func `S-45 punctuations of one time come in the order of Kafka Streams' queue`() throws {
        func order(_ punctuations: KeyValuePairs<String, Duration>, _ times: [Timestamp]) throws -> [String] {
            let all = Array(punctuations)
            return try RuleRun(
                punctuated { context, out in
                    for (name, interval) in all {
                        try context.schedule(every: interval, .streamTime) { now in try out(now, name) }
                    }
                },
                times.map { ("in", "k", "v", $0) })["out"]
        }
        // The longer one has waited longer when both are due.
        #expect(
            try order(["a": .seconds(10), "b": .seconds(20)], [0, 10_000, 20_000])
                == ["at=a@0", "at=b@0", "at=a@10000", "at=b@20000", "at=a@20000"])
        // Of three that wait equally long the last one takes the place of the first.
        let interval = Duration.seconds(10)
        #expect(
            try order(["a": interval, "b": interval, "c": interval], [0]) == ["at=a@0", "at=c@0", "at=b@0"])
    }

    @Test func `S-46 a punctuation can be called off from inside`() throws {
        let run = try RuleRun(
            punctuated { context, out in
                var handle: Cancellable?
                handle = try context.schedule(every: .seconds(1), .streamTime) { now in
                    try out(now, "once")
                    handle?.cancel()
                }
            },
            [("in", "k", "a", 5_000), ("in", "k", "b", 50_000)])
        #expect(run["out"] == ["at=once@5000"])
    }

    @Test func `S-47 E-02 a punctuation that throws is left out by the handler, and has no record`() throws {
        struct Broken: Error {}
        let run = try RuleRun(
            punctuated { context, out in
                try context.schedule(every: .seconds(10), .streamTime) { now in
                    if now < 20_000 { throw Broken() }
                    try out(now, context.recordMetadata == nil ? "no record" : "record")
                }
            },
            processingHandler: .logAndContinue,
            [("in", "k", "a", 5_000), ("in", "k", "b", 50_000)])
        #expect(run["out"] == ["at=no record@50000"])
        #expect(run.dropped == [.processing: 1])
    }

    @Test func `S-06 S-44 S-48 S-52 S-56 S-69 a record from the end of time harms nobody`() throws {
        let builder = StreamsBuilder()
        let texts = builder.texts("in")
        let grouped = texts.groupByKey(key: .string)
        grouped.windowedBy(TimeWindows(size: .seconds(10), advance: .seconds(3))).count(as: "hopping").writeWindows()
        grouped.windowedBy(SlidingWindows(timeDifference: .seconds(10))).count(as: "sliding").writeWindows()
        grouped.windowedBy(SessionWindows(inactivityGap: .seconds(10))).count(as: "sessions").writeSessions()
        let windows = JoinWindows(timeDifference: .seconds(10))
        texts.outerJoin(builder.texts("other"), windows) { "\($0 ?? "-")\($1 ?? "-")" }
            .to("out", key: .string, value: .string)
        texts.process { (context: ProcessorContext<String, String>) in
            try context.schedule(every: .seconds(1), .streamTime) { now in
                try context.forward(Record(key: "tick", value: "", timestamp: now))
            }
            return { _ in }
        }.to("out", key: .string, value: .string)
        let last = Timestamp(rawValue: .max)
        let out = try StepRun(
            builder, [("in", "k", "v", 5), ("in", "k", "v", last), ("other", "k", "w", last)]
        ).steps.flatMap { $0 }
        #expect(out.filter { $0.hasPrefix("tick") } == ["tick=@5", "tick=@\(last)"])
        #expect(out.contains("k=vw@\(last)"))
        #expect(out.contains("k[\(last)-\(last)=1@\(last)"))
    }

    private func punctuated(
        _ schedule:
            @escaping @Sendable (
                ProcessorContext<String, String>, @escaping (Timestamp, String) throws -> Void
            ) throws -> Void
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in")
            .process { (context: ProcessorContext<String, String>) in
                try schedule(context) { now, text in
                    try context.forward(Record(key: "at", value: text, timestamp: now))
                }
                return { _ in }
            }
            .to("out", key: .string, value: .string)
        return builder
    }
}
