import Swiftwater

/// The application under torture: a join, a repartition, a count, an order-dependent reduction, a windowed count, and a store of long
/// keys and large values; three sub-topologies.
enum ReferenceTopology {
    static let windowSize = Duration.seconds(10)
    /// Longer than any run, so that nothing is late and nothing expires.
    private static let retention = Duration.seconds(14_400)

    /// - Parameter cached: whether counts, sums and windows tell downstream the last value of a commit interval only.
    static func build(_ topics: ReferenceTopics, cached: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        let events = builder.stream(topics.events, key: .string, value: .int64)
        let answers = builder.stream(topics.answers, key: .string, value: .int64)

        events.filter { _, number in Event.isAnswered(number) }
            .join(
                answers, .within(.seconds(3_600), grace: .seconds(3_600)),
                joined: StreamJoined(storeName: "pairs", key: .string, value: .int64, otherValue: .int64)
            ) { event, answer in event == answer ? event : -1 }
            .to(topics.pairs, key: .string, value: .int64)

        let byGroup = events.selectKey { _, number in Event.group(of: number) }
            .repartition(named: "by-group", key: .string, value: .int64)
        byGroup.to(topics.results, key: .string, value: .int64)
        let grouped = byGroup.groupByKey(key: .string, value: .int64)
        grouped.count(as: Materialized("counts", cached: cached)).toStream()
            .to(topics.counts, key: .string, value: .int64)
        grouped.reduce(as: Materialized("sums", cached: cached)) { Event.sum($0, $1) }.toStream()
            .to(topics.sums, key: .string, value: .int64)
        grouped.windowedBy(.tumbling(windowSize, grace: retention))
            .count(as: Materialized("windows", cached: cached, retention: retention * 2)).toStream()
            .to(topics.windows, key: .timeWindowed(.string, size: windowSize), value: .int64)

        _ = events.filter { _, number in Event.isLarge(number) }
            .groupBy(key: .string, value: .int64, named: "by-long-key") { _, number in Event.longKey(of: number) }
            .aggregate([UInt8](), as: Materialized("large", value: .bytes)) { _, number, old in
                Event.large(old, number)
            }
        return try builder.build()
    }
}
