import Swiftwater

extension GoldenTopologies {
    private struct Boom: Error {}

    private static func sums(_ builder: StreamsBuilder) {
        builder.stream("in", key: .optional(.string), value: .optional(.int64))
            .groupByKey(key: .string)
            .reduce(as: "s") { sum, value in sum + value }
            .toStream()
            .to("out", key: .string, value: .int64)
    }

    static let timeAndErrors: [GoldenTopology] = [
        GoldenTopology("deser-continue", sums),
        GoldenTopology("deser-fail", sums),
        GoldenTopology("user-exception") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .mapValues { value in
                    if value == "boom" { throw Boom() }
                    return value
                }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("ts-extractor-negative-skip") { builder in
            builder.stream(
                "in",
                key: .optional(.string),
                value: .optional(.string),
                timestampExtractor: EventTime { (_: String?, value: String?, kafka) in
                    guard let value else { return kafka }
                    return Timestamp(rawValue: Int64(value.prefix { $0 != "|" }) ?? -1)
                }
            )
            .to("echo", key: .string, value: .string)
        },
    ]
}
