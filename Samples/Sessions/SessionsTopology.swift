import Swiftwater

/// Clicks in, sessions out: the clicks of a user belong together while no longer than half a minute lies between two of them.
enum SessionsTopology {
    static let gap = Duration.seconds(30)
    static let grace = Duration.seconds(10)

    static func build() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("clicks", key: .string, value: .string)
            .groupByKey()
            .windowedBy(.session(gap: gap, grace: grace))
            // A click that comes when its session has been told already is not lost: it goes here.
            .lateRecords(to: "late-clicks")
            .count(as: "clicks-per-session")
            .suppress(.untilWindowCloses())
            .toStream { session, _ in session.key }
            .to("sessions", key: .string, value: .optional(.int64))
        return try builder.build()
    }
}
