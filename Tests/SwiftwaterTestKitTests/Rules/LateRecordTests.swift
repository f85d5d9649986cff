import Swiftwater
import SwiftwaterTestKit
import Testing

/// Where records go that come too late for all their windows.
@Suite struct LateRecordTests {
    private static let inputs: [RuleRun.Input] = [
        ("in", "a", "x", 5_000), ("in", "a", "later", 60_000), ("in", "a", "late", 4_000), ("in", nil, "no key", 3_000),
        ("in", "a", "in time", 50_000), ("in", "b", "late too", 1),
    ]

    /// Aggregations over windows that close 5 s after their end, all of which send late records to `late`.
    private static let windowed: [String: @Sendable (KGroupedStream<String, String?>) -> Void] = [
        "tumbling": {
            _ = $0.windowedBy(.tumbling(.seconds(10), grace: .seconds(5))).lateRecords(to: "late").count(
                as: Materialized(logged: false))
        },
        "hopping, at the end": {
            _ = $0.windowedBy(.hopping(.seconds(10), advance: .seconds(5), grace: .seconds(5))).emitStrategy(
                .onWindowClose
            )
            .lateRecords(to: "late").count(as: Materialized(logged: false))
        },
        "sliding": {
            _ = $0.windowedBy(SlidingWindows(timeDifference: .seconds(10), grace: .seconds(5))).lateRecords(to: "late")
                .count(as: Materialized(logged: false))
        },
        "sessions": {
            _ = $0.windowedBy(SessionWindows(inactivityGap: .seconds(10), grace: .seconds(5))).lateRecords(to: "late")
                .count(as: Materialized(logged: false))
        },
        "cogrouped tumbling": {
            _ = $0.cogroup(lateRecordsTo: "late") { _, _, count in count + 1 }
                .windowedBy(.tumbling(.seconds(10), grace: .seconds(5)))
                .aggregate(Int64(0), as: Materialized(value: .int64, logged: false))
        },
        "cogrouped sessions": {
            _ = $0.cogroup(lateRecordsTo: "late") { _, _, count in count + 1 }
                .windowedBy(SessionWindows(inactivityGap: .seconds(10), grace: .seconds(5)))
                .aggregate(Int64(0), as: Materialized(value: .int64, logged: false)) { _, earlier, later in
                    earlier + later
                }
        },
    ]

    @Test(arguments: windowed.keys.sorted())
    func `X-11 A-09 what is late for all windows goes to a topic as it is, and is counted`(windows: String) throws {
        let builder = StreamsBuilder()
        let write = try #require(Self.windowed[windows])
        write(builder.texts("in").groupByKey(key: .string))
        let run = try RuleRun(builder, Self.inputs)
        #expect(run["late"] == ["a=late@4000", "b=late too@1"])
        #expect(run.dropped[.late] ?? 0 >= 2)
        #expect(run.dropped[.nullKey] == 1)
    }

    @Test func `X-11 a record that is late for one of two windows is not late`() throws {
        let builder = StreamsBuilder()
        _ = builder.texts("in").groupByKey(key: .string).windowedBy(
            .hopping(.seconds(10), advance: .seconds(5), grace: .zero)
        )
        .lateRecords(to: "late", named: "late-sink").count(as: Materialized(logged: false))
        let run = try RuleRun(
            builder, [("in", "a", "x", 12_000), ("in", "a", "half", 7_000), ("in", "a", "late", 1_999)])
        #expect(run["late"] == ["a=late@1999"])
        // Of each the window from 0 to 10 s.
        #expect(run.dropped == [.late: 2])
        #expect(try builder.build().describe().contains("Sink: late-sink (topic: late)"))
    }

    @Test func `X-11 G-05 each stream of a cogroup has its own topic for what is late, and headers stay`()
        throws
    {
        let builder = StreamsBuilder()
        builder.stream("texts", key: .string, value: .string).groupByKey()
            .cogroup(lateRecordsTo: "late-texts") { _, text, sum in sum + Int64(text.count) }
            .cogroup(
                builder.stream("numbers", key: .string, value: .int64).groupByKey(), lateRecordsTo: "late-numbers"
            ) { _, number, sum in sum + number }
            .windowedBy(.tumbling(.seconds(10), grace: .zero))
            .aggregate(Int64(0), as: Materialized("sums", value: .int64))
            .toStream().to("sums", key: .timeWindowed(.string, size: .seconds(10)), value: .int64)
        try withTopologyTestDriver(try builder.build(), allowingUnreadOutput: true) { driver in
            let texts = try driver.inputTopic("texts", key: .string, value: .string)
            let numbers = try driver.inputTopic("numbers", key: .string, value: .int64)
            try texts.pipe("a", "abc", timestamp: 30_000)
            // Each stream of a cogroup has a time of its own.
            try numbers.pipe("a", 1, timestamp: 30_000)
            try numbers.pipe("a", 7, timestamp: 1_000, headers: ["trace": "1"])
            try texts.pipe("a", "late", timestamp: 2_000)
            let late = try driver.outputTopic("late-numbers", key: .string, value: .int64).readRecords()
            #expect(late == [Record(key: "a", value: 7, timestamp: 1_000, headers: ["trace": "1"])])
            #expect(try driver.outputTopic("late-texts", key: .string, value: .string).readValues() == ["late"])
            #expect(driver.droppedRecords == [.late: 2])
        }
    }

    @Test func `X-11 a cogroup without windows has no late records`() {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string).groupByKey()
            .cogroup(lateRecordsTo: "late") { _, _, count in count + 1 }
            .aggregate(Int64(0), as: Materialized("counts", value: .int64))
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
        #expect(error?.message.contains("late") == true)
    }
}
