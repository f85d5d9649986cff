import Foundation
import Swiftwater
import SwiftwaterTestKit
import Testing

struct Days: Windows {
    let calendar: Calendar
    var grace = Duration.zero
    var size: Duration { .seconds(25 * 3_600) }

    func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
        let date = Date(timeIntervalSince1970: Double(timestamp.milliseconds) / 1_000)
        guard let day = calendar.dateInterval(of: .day, for: date) else { return }
        func time(_ date: Date) -> Timestamp { Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000)) }
        try body(Window(start: time(day.start), end: time(day.end)))
    }
}

private struct Transfer: Codable, SerdeRepresentable {
    var id: String
    var cents: Int
}

@Suite struct WindowingExamples {
    @Test func `the first of each transfer`() throws {
        let builder = StreamsBuilder()
        let transfers = builder.stream("transfers", key: .string, value: Transfer.serde)
        let once =
            transfers
            .deduplicateByKeyValue(within: .seconds(3_600), deduplicated: Deduplicated(named: "transfers-once")) {
                _, transfer in transfer.id
            }
        once.mapValues { $0.cents }.to("cents", key: .string, value: .int)
        try withTopologyTestDriver(try builder.build()) { driver in
            let transfers = try driver.inputTopic("transfers", key: .string, value: Transfer.serde)
            try transfers.pipe("ann", Transfer(id: "1", cents: 5), timestamp: 0)
            try transfers.pipe("ann", Transfer(id: "2", cents: 7), timestamp: 1)
            try transfers.pipe("ann", Transfer(id: "1", cents: 5), timestamp: 2)
            try transfers.pipe("ben", Transfer(id: "1", cents: 9), timestamp: 3)
            let cents = try driver.outputTopic("cents", key: .string, value: .int)
            #expect(try cents.readValues() == [5, 7, 9])
            #expect(driver.droppedRecords == [.duplicate: 1])
        }
    }

    @Test func `tumbling`() throws {
        let builder = StreamsBuilder()
        let clicks = builder.stream("clicks", key: .string, value: .string)
        let perMinute =
            clicks
            .groupByKey()
            .windowedBy(.tumbling(.seconds(60), grace: .seconds(10)))
            .lateRecords(to: "late-clicks")
            .count(as: "clicks-per-minute")
        perMinute.toStream { window, _ in "\(window.key)@\(window.window.start)" }
            .to("counts", key: .string, value: .optional(.int64))
        try withTopologyTestDriver(try builder.build()) { driver in
            let clicks = try driver.inputTopic("clicks", key: .string, value: .string)
            try clicks.pipe("ann", "/", timestamp: 5_000)
            try clicks.pipe("ann", "/a", timestamp: 59_999)
            try clicks.pipe("ann", "/b", timestamp: 60_000)
            try clicks.pipe("ann", "/c", timestamp: 130_000)
            try clicks.pipe("ann", "/late", timestamp: 6_000)
            let counts = try driver.outputTopic("counts", key: .string, value: .optional(.int64))
            #expect(try counts.readKeyValuesToMap() == ["ann@0": 2, "ann@60000": 1, "ann@120000": 1])
            let late = try driver.outputTopic("late-clicks", key: .string, value: .string)
            #expect(try late.readValues() == ["/late"])
        }
    }

    @Test func `once a window has closed`() throws {
        let builder = StreamsBuilder()
        let clicks = builder.stream("clicks", key: .string, value: .string)
        let finals =
            clicks
            .groupByKey()
            .windowedBy(.session(gap: .seconds(30)))
            .count(as: "session-lengths")
            .suppress(.untilWindowCloses())
        finals.toStream { window, _ in window.key }.to("sessions", key: .string, value: .optional(.int64))
        try withTopologyTestDriver(try builder.build()) { driver in
            let clicks = try driver.inputTopic("clicks", key: .string, value: .string)
            for second in [0, 10, 20] as [Int64] {
                try clicks.pipe("ann", "/", timestamp: Timestamp(milliseconds: second * 1000))
            }
            let sessions = try driver.outputTopic("sessions", key: .string, value: .optional(.int64))
            #expect(sessions.isEmpty)
            try clicks.pipe("ben", "/", timestamp: 100_000)
            #expect(try sessions.readKeyValuesToMap() == ["ann": 3])
        }
    }

    @Test func `days of a time zone`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let builder = StreamsBuilder()
        builder.stream("clicks", key: .string, value: .string).groupByKey().windowedBy(Days(calendar: calendar))
            .count(as: "clicks-per-day")
            .toStream { day, _ in "\((day.window.end.milliseconds - day.window.start.milliseconds) / 3_600_000) hours" }
            .to("days", key: .string, value: .optional(.int64))
        let noon = try #require(
            calendar.date(from: DateComponents(year: 2026, month: 3, day: 29, hour: 12)))
        try withTopologyTestDriver(try builder.build()) { driver in
            let timestamp = Timestamp(milliseconds: Int64(noon.timeIntervalSince1970 * 1_000))
            try driver.inputTopic("clicks", key: .string, value: .string).pipe("ann", "/", timestamp: timestamp)
            let days = try driver.outputTopic("days", key: .string, value: .int64)
            #expect(try days.readKeyValuesToMap() == ["23 hours": 1])
        }
    }
}
