import Foundation
import Swiftwater
import SwiftwaterTestKit
import Testing

/// Days of a time zone: 24 hours long, but 23 and 25 where clocks are changed.
struct Days: Windows {
    let calendar: Calendar
    var grace: Duration = .zero
    var size: Duration { .seconds(25 * 3_600) }

    init(in zone: String, grace: Duration = .zero) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        self.calendar = calendar
        self.grace = grace
    }

    func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
        let date = Date(timeIntervalSince1970: Double(timestamp.milliseconds) / 1_000)
        guard let day = calendar.dateInterval(of: .day, for: date) else { return }
        try body(Window(start: Self.timestamp(day.start), end: Self.timestamp(day.end)))
    }

    private static func timestamp(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }
}

@Suite struct CalendarWindowTests {
    /// An hour of March 2026 in Berlin, whose clocks are put forward on the 29th at 2 o'clock.
    private static func time(_ day: Int, _ hour: Int, _ minute: Int = 0) throws -> Timestamp {
        let days = try Days(in: "Europe/Berlin")
        let parts = DateComponents(year: 2026, month: 3, day: day, hour: hour, minute: minute)
        let date = try #require(days.calendar.date(from: parts))
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    private static let hour: Int64 = 3_600_000

    private func counting(
        _ days: Days,
        _ change: (TimeWindowedKStream<String, String>) -> TimeWindowedKStream<String, String> = { $0 },
        _ hold: (KTable<Windowed<String>, Int64>) -> KTable<Windowed<String>, Int64> = { $0 }
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let windowed = builder.stream("in", key: .string, value: .string).groupByKey().windowedBy(days)
        hold(change(windowed).count(as: "days")).toStream()
            .map { day, count in
                let hours = (day.window.end.milliseconds - day.window.start.milliseconds) / Self.hour
                return ("\(day.key) \(hours) h", count)
            }
            .to("out", key: .string, value: .int64)
        return builder
    }

    @Test(arguments: [true, false])
    func `G-11 days of a time zone are as long as its calendar says, cached or not`(isCached: Bool) throws {
        let run = try StepRun(
            counting(try Days(in: "Europe/Berlin")), isCachingEnabled: isCached,
            [
                ("in", "k", "", try Self.time(28, 0)), ("in", "k", "", try Self.time(28, 23, 59)),
                ("in", "k", "", try Self.time(29, 0)), ("in", "k", "", try Self.time(29, 23, 59)),
                ("in", "k", "", try Self.time(30, 0)),
            ])
        let told = run.steps.map { $0.map { String($0.prefix { $0 != "@" }) } }
        #expect(told == [["k 24 h=1"], ["k 24 h=2"], ["k 23 h=1"], ["k 23 h=2"], ["k 24 h=1"]])
    }

    @Test func `S-49 G-11 a day closes at its own midnight`() throws {
        let run = try StepRun(
            counting(try Days(in: "Europe/Berlin")),
            [
                ("in", "k", "", try Self.time(29, 23, 59)), ("in", "k", "in time", try Self.time(29, 1)),
                ("in", "k", "", try Self.time(30, 0)), ("in", "k", "late", try Self.time(29, 22)),
            ])
        #expect(run.steps.map(\.count) == [1, 1, 1, 0])
        #expect(run.dropped == [.late: 1])
    }

    @Test func `S-62 S-63 G-11 what is final is told when a day of its own length is over, once`() throws {
        let days = try Days(in: "Europe/Berlin", grace: .seconds(3_600))
        for builder in [
            counting(days, { $0.emitStrategy(.onWindowClose) }),
            counting(days, { $0 }, { $0.suppress(.untilWindowCloses()) }),
        ] {
            let run = try StepRun(
                builder,
                [
                    ("in", "k", "", try Self.time(28, 12)), ("in", "k", "", try Self.time(29, 0, 59)),
                    ("in", "k", "", try Self.time(29, 1)), ("in", "k", "", try Self.time(30, 0, 59)),
                    ("in", "k", "", try Self.time(30, 1)), ("in", "k", "", try Self.time(31, 1)),
                ])
            let told = run.steps.map { $0.map { String($0.prefix { $0 != "@" }) } }
            #expect(told == [[], [], ["k 24 h=1"], [], ["k 23 h=2"], ["k 24 h=2"]])
        }
    }

    @Test func `G-11 G-12 keys of days that are read from a topic have their ends`() throws {
        let days = try Days(in: "Europe/Berlin")
        let serde = Serde<Windowed<String>>.timeWindowed(.string, of: days)
        let start = try Self.time(29, 0)
        let day = Windowed("k", Window(start: start, end: try Self.time(30, 0)))
        let bytes = try #require(try serde.serialize(day))
        #expect(bytes.count == 9)
        #expect(try serde.deserialize(bytes) == day)
        // A start that no day has is as long as the longest.
        let other = Windowed("k", Window(start: Timestamp(milliseconds: start.milliseconds + 1), end: 0))
        let read = try serde.deserialize(try serde.serialize(other))
        #expect(read.window.end.milliseconds - read.window.start.milliseconds == 25 * Self.hour)
    }
}
