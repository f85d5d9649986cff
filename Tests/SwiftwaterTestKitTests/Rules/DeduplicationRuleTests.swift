import Swiftwater
import SwiftwaterTestKit
import Testing

/// What a deduplication takes for a repetition (KIP-655); the interval is 100 ms.
@Suite struct DeduplicationRuleTests {
    private static let interval = Duration.milliseconds(100)

    private func byKey(_ inputs: [RuleRun.Input]) throws -> StepRun {
        let builder = StreamsBuilder()
        builder.texts("in").deduplicateByKey(within: Self.interval)
            .to("out", key: .optional(.string), value: .optional(.string))
        return try StepRun(builder, inputs)
    }

    private func byKeyValue(_ inputs: [RuleRun.Input]) throws -> StepRun {
        let builder = StreamsBuilder()
        builder.texts("in").deduplicateByKeyValue(within: Self.interval) { _, value in value }
            .to("out", key: .optional(.string), value: .optional(.string))
        return try StepRun(builder, inputs)
    }

    @Test func `K-18 a record repeats another up to the interval later, and no longer`() throws {
        let run = try byKey([("in", "k", "a", 0), ("in", "k", "b", 50), ("in", "k", "c", 100), ("in", "k", "d", 101)])
        #expect(run.written == ["k=a@0", "k=d@101"])
        #expect(run.dropped == [.duplicate: 2])
    }

    @Test func `K-18 a repetition does not prolong the interval`() throws {
        let run = try byKey([("in", "k", "a", 0), ("in", "k", "b", 90), ("in", "k", "c", 110)])
        #expect(run.written == ["k=a@0", "k=c@110"])
    }

    @Test func `K-18 stream time ends an interval, whatever record moves it on`() throws {
        let run = try byKey([
            ("in", "k", "a", 0), ("in", "other", "b", 101), ("in", "k", "c", 60), ("in", nil, "d", 300),
            ("in", "k", "e", 250),
        ])
        #expect(run.written == ["k=a@0", "other=b@101", "k=c@60", "null=d@300", "k=e@250"])
    }

    @Test func `K-18 a record that comes out of order repeats a later one`() throws {
        let run = try byKey([("in", "k", "a", 50), ("in", "k", "b", 30)])
        #expect(run.written == ["k=a@50"])
        // Also one behind stream time by more than the interval, if it is near enough to what still counts.
        let late = try byKey([("in", "k", "a", 150), ("in", "other", "b", 200), ("in", "k", "c", 60)])
        #expect(late.written == ["k=a@150", "other=b@200"])
    }

    @Test func `K-18 a record that comes too late is handed on and not remembered`() throws {
        let run = try byKey([
            ("in", "other", "a", 200), ("in", "k", "b", 50), ("in", "k", "c", 10), ("in", "k", "d", 150),
            ("in", "k", "e", 49), ("in", "k", "f", 50),
        ])
        #expect(run.written == ["other=a@200", "k=b@50", "k=c@10", "k=d@150", "k=e@49"])
        #expect(run.dropped == [.duplicate: 1])
    }

    @Test func `K-18 a record without a key or an ID repeats nothing`() throws {
        let nulls: [RuleRun.Input] = [
            ("in", nil, "v", 0), ("in", nil, "v", 1), ("in", "k", nil, 2), ("in", "k", nil, 3),
        ]
        #expect(try byKey(nulls).written == ["null=v@0", "null=v@1", "k=null@2"])
        let run = try byKeyValue(nulls)
        #expect(run.written == ["null=v@0", "null=v@1", "k=null@2", "k=null@3"])
        #expect(run.dropped.isEmpty)
    }

    @Test func `K-18 an ID tells apart the records of one key`() throws {
        let run = try byKeyValue([
            ("in", "k", "a", 0), ("in", "k", "b", 1), ("in", "other", "a", 2), ("in", "k", "a", 3), ("in", "k", "b", 4),
            // Key and ID stand apart.
            ("in", "ka", "b", 5), ("in", "k", "ab", 6),
        ])
        #expect(run.written == ["k=a@0", "k=b@1", "other=a@2", "ka=b@5", "k=ab@6"])
        #expect(run.dropped == [.duplicate: 2])
    }

    @Test func `K-18 what one record became repeats itself too`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").flatMapValues { [$0, $0] }.deduplicateByKey(within: Self.interval)
            .to("out", key: .optional(.string), value: .optional(.string))
        #expect(try StepRun(builder, [("in", "k", "a", 0), ("in", "l", "b", 1)]).written == ["k=a@0", "l=b@1"])
    }

    @Test func `K-18 records of two topics repeat each other, whatever their offsets`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").merge(builder.texts("other")).deduplicateByKey(within: Self.interval)
            .to("out", key: .optional(.string), value: .optional(.string))
        let run = try StepRun(builder, [("in", "k", "a", 0), ("other", "k", "b", 1), ("other", "k", "c", 2)])
        #expect(run.written == ["k=a@0"])
    }

    @Test func `K-18 what is handed on keeps its headers`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").deduplicateByKey(within: Self.interval)
            .to("out", key: .optional(.string), value: .optional(.string))
        try withTopologyTestDriver(try builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            try input.pipe("k", "a", timestamp: 5, headers: ["from": "here"])
            let record = try driver.outputTopic("out", key: .string, value: .string).readRecord()
            #expect(record == Record(key: "k", value: "a", timestamp: 5, headers: ["from": "here"]))
        }
    }

    @Test func `K-18 a key that may have changed goes through a topic once, also what has none`() throws {
        let builder = StreamsBuilder()
        let once = builder.texts("in").selectKey { _, value in value == "none" ? nil : value }
            .deduplicateByKey(within: Self.interval, deduplicated: Deduplicated(named: "once"))
        once.to("out", key: .optional(.string), value: .optional(.string))
        _ = once.groupByKey(key: .string).count(as: "counts")
        let run = try RuleRun(
            builder, [("in", "k", "a", 0), ("in", "l", "a", 1), ("in", "k", "none", 2), ("in", "l", "none", 3)])
        #expect(run["out"] == ["a=a@0", "null=none@2", "null=none@3"])
        #expect(run["test-once-repartition"].count == 4)
        #expect(try builder.build().repartitionTopics.map(\.name) == ["once-repartition"])
    }

    @Test func `K-18 IDs are not partitioned by`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").deduplicateByKeyValue(within: Self.interval) { _, value in value }
            .to("out", key: .optional(.string), value: .optional(.string))
        #expect(try builder.build().repartitionTopics.isEmpty)
    }

    @Test func `K-18 a deduplication is described and kept as an operator with a window store`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).deduplicateByKey(within: Self.interval)
            .to("out", key: .string, value: .string)
        let topology = try builder.build()
        #expect(
            topology.describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
                      --> KSTREAM-DEDUPLICATE-0000000001
                    Processor: KSTREAM-DEDUPLICATE-0000000001 (stores: [KSTREAM-DEDUPLICATE-STATE-STORE-0000000002])
                      --> KSTREAM-SINK-0000000003
                      <-- KSTREAM-SOURCE-0000000000
                    Sink: KSTREAM-SINK-0000000003 (topic: out)
                      <-- KSTREAM-DEDUPLICATE-0000000001


                """)
        let store = try #require(topology.manifest().stores.first)
        #expect(store.kind == "window" && store.retention == 100 && store.isNameGenerated)
        #expect(store.changelog == "KSTREAM-DEDUPLICATE-STATE-STORE-0000000002-changelog")
        #expect(store.nodes == ["KSTREAM-DEDUPLICATE-0000000001"])
    }

    @Test func `K-18 the store has what was handed on at its time, and forgets it by segments`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").deduplicateByKey(within: .seconds(10), deduplicated: Deduplicated(named: "once"))
            .foreach { _, _ in }
        try withTopologyTestDriver(try builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            let store = try driver.windowStore("once", key: .string, value: .bytes)
            try input.pipe([("k", "a"), ("k", "b")], start: 5, advance: .milliseconds(1))
            #expect(try store.fetch("k").map(\.start) == [5])
            try input.pipe("l", "c", timestamp: 600_000)
            #expect(try store.fetchAll().map(\.key.key) == ["l"])
        }
    }

    @Test func `K-18 an interval is not negative, and may be without end`() throws {
        func build(_ interval: Duration) throws -> StreamsBuilder {
            let builder = StreamsBuilder()
            builder.texts("in").deduplicateByKey(within: interval, deduplicated: Deduplicated(named: "once"))
                .to("out", key: .optional(.string), value: .optional(.string))
            _ = try builder.build()
            return builder
        }
        let error = #expect(throws: StreamsError.self) { _ = try build(.milliseconds(-1)) }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.node == "once")
        let last = Timestamp(rawValue: .max)
        let run = try StepRun(
            try build(.milliseconds(Int64.max)), [("in", "k", "a", 0), ("in", "k", "b", last), ("in", "k", "c", 7)])
        #expect(run.written == ["k=a@0"])
        let still = try StepRun(
            try build(.zero), [("in", "k", "a", last), ("in", "k", "b", last), ("in", "k", "c", 7)])
        #expect(still.written == ["k=a@\(last)", "k=c@7"])
    }
}

extension StepRun {
    /// What was written in all; the changelogs are left alone, whose keys are no texts.
    fileprivate var written: [String] { steps.flatMap { $0 } }
}
