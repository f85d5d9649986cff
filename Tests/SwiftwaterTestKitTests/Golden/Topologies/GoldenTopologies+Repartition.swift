import Swiftwater

extension GoldenTopologies {
    /// Two counts of one stream with new keys.
    @Sendable
    private static func twoAggregations(_ builder: StreamsBuilder) {
        let stream = builder.stream("in", key: .optional(.string), value: .optional(.string))
            .map { key, value in (value, key ?? "nokey") }
        stream.groupByKey(key: .string, value: .string)
            .count(as: "c1")
            .toStream()
            .to("plain", key: .string, value: .int64)
        stream.groupByKey(key: .string, value: .string)
            .windowedBy(TimeWindows(size: .seconds(5), grace: .seconds(5)))
            .count(as: "c2")
            .toStream()
            .to("windowed", key: .timeWindowed(.string, size: .seconds(5)), value: .int64)
    }

    static let repartition: [GoldenTopology] = [
        GoldenTopology("repartition-two-aggs-noopt", twoAggregations),
        GoldenTopology("repartition-two-aggs-optimized", twoAggregations),
        GoldenTopology("repartition-named") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .selectKey { _, value in value.flatMap(\.first).map { String($0) } }
                .repartition(named: "rp", key: .string, value: .optional(.string), partitions: 1)
                .mapValues { key, value in "\(key)/\(value ?? "null")" }
                .to("out", key: .string, value: .string)
        },
    ]
}
