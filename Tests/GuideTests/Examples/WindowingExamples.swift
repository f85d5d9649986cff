import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct WindowingExamples {
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
}
