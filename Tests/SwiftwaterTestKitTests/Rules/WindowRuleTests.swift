import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct WindowRuleTests {
    private func counted<W: Windows>(_ windows: W) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string).windowedBy(windows).count(as: "counts").writeWindows()
        return builder
    }

    @Test func `S-48 windows begin at multiples of the advance from the epoch on, and do not hold their ends`() throws {
        func windows(_ windows: TimeWindows, at time: Timestamp) throws -> [String] {
            var found: [String] = []
            try windows.forEachWindow(containing: time) { found.append("\($0.start)-\($0.end)") }
            return found
        }
        let hopping = TimeWindows.hopping(.milliseconds(12), advance: .milliseconds(5))
        #expect(try windows(hopping, at: 21) == ["10-22", "15-27", "20-32"])
        #expect(try windows(hopping, at: 12) == ["5-17", "10-22"])
        #expect(try windows(hopping, at: 11) == ["0-12", "5-17", "10-22"])
        #expect(try windows(hopping, at: 0) == ["0-12"])
        let tumbling = TimeWindows.tumbling(.milliseconds(12))
        #expect(try windows(tumbling, at: 11) == ["0-12"])
        #expect(try windows(tumbling, at: 12) == ["12-24"])
    }

    @Test func `S-49 a late record is dropped for each window that has closed, and enters those that have not`() throws
    {
        let run = try StepRun(
            counted(TimeWindows(size: .seconds(10), advance: .seconds(5))),
            [("in", "k", "a", 20_000), ("in", "k", "too late for one", 16_000), ("in", "k", "for both", 14_999)])
        #expect(run.steps == [["k[15000=1@20000", "k[20000=1@20000"], ["k[15000=2@20000"], []])
        #expect(run.dropped == [.late: 3])
    }

    @Test func `S-49 a window closes when stream time is its end and the grace`() throws {
        let tumbling = counted(TimeWindows(size: .seconds(10), grace: .seconds(2)))
        let open = try StepRun(tumbling, [("in", "other", "", 11_999), ("in", "k", "late", 9_999)])
        #expect(open.steps.last == ["k[0=1@9999"])
        #expect(open.dropped.isEmpty)
        let closed = try StepRun(tumbling, [("in", "other", "", 12_000), ("in", "k", "late", 9_999)])
        #expect(closed.steps.last == [])
        #expect(closed.dropped == [.late: 1])
    }

    /// The ten milliseconds before a record.
    private struct Before: Windows {
        var size: Duration { .milliseconds(10) }
        var grace: Duration { .zero }

        func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
            try body(Window(start: Timestamp(rawValue: timestamp.rawValue - 10), end: timestamp))
        }
    }

    @Test func `S-50 a record moves stream time on before its windows are looked at`() throws {
        let run = try RuleRun(counted(Before()), [("in", "k", "its own window has closed", 100)])
        #expect(run["out"].isEmpty)
        #expect(run.dropped == [.late: 1])
    }

    @Test func `S-51 an update is told for each window in the order of starts, with the latest time`() throws {
        for isCachingEnabled in [true, false] {
            let run = try StepRun(
                counted(TimeWindows(size: .seconds(10), advance: .seconds(5), grace: .seconds(10))),
                isCachingEnabled: isCachingEnabled,
                [("in", "k", "a", 12_000), ("in", "k", "earlier", 10_000)])
            #expect(
                run.steps == [["k[5000=1@12000", "k[10000=1@12000"], ["k[5000=2@12000", "k[10000=2@12000"]])
        }
    }

    @Test func `S-59 a store keeps what its windows and their grace need, or longer where it is asked to`() throws {
        func retention(
            _ add: (KGroupedStream<String, String?>, Materialized<String, Int64>) -> Void, _ asked: Duration?
        )
            throws -> Int64?
        {
            let builder = StreamsBuilder()
            add(builder.texts("in").groupByKey(key: .string), Materialized("s", retention: asked))
            return try builder.build().stores.first { $0.name == "s" }?.kind.segments?.retention
        }
        let cases: [((KGroupedStream<String, String?>, Materialized<String, Int64>) -> Void, Int64)] = [
            ({ _ = $0.windowedBy(TimeWindows(size: .seconds(10), grace: .seconds(2))).count(as: $1) }, 12_000),
            (
                { _ = $0.windowedBy(SessionWindows(inactivityGap: .seconds(10), grace: .seconds(2))).count(as: $1) },
                12_000
            ),
            (
                { _ = $0.windowedBy(SlidingWindows(timeDifference: .seconds(10), grace: .seconds(2))).count(as: $1) },
                22_000
            ),
        ]
        for (add, needed) in cases {
            #expect(try retention(add, nil) == needed)
            #expect(try retention(add, .milliseconds(needed + 1)) == needed + 1)
            let error = #expect(throws: StreamsError.self) { try retention(add, .milliseconds(needed - 1)) }
            #expect(error?.code == .invalidTopology)
        }
    }

    @Test func `S-61 there is no grace unless one is given`() {
        #expect(TimeWindows(size: .seconds(1)).grace == .zero)
        #expect(TimeWindows.hopping(.seconds(2), advance: .seconds(1)).grace == .zero)
        #expect(SessionWindows(inactivityGap: .seconds(1)).grace == .zero)
        #expect(SlidingWindows(timeDifference: .seconds(1)).grace == .zero)
        #expect(JoinWindows(timeDifference: .seconds(1)).grace == .zero)
    }
}
