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

    /// The number before `|`; the partition's time where that is negative, Kafka's where there is no value.
    private struct NumberOrPartitionTime: TimestampExtractor {
        func timestamp<Key, Value>(
            of record: borrowing Record<Key, Value>,
            metadata: @autoclosure () -> RecordMetadata,
            partitionTime: Timestamp
        ) -> Timestamp {
            guard let value = record.value as? String else { return record.timestamp }
            let number = Int64(value.prefix { $0 != "|" }) ?? -1
            return number < 0 ? partitionTime : Timestamp(rawValue: number)
        }
    }

    static let timeAndErrors: [GoldenTopology] = [
        GoldenTopology("ts-extractor-from-value") { builder in
            let stream = builder.stream(
                "in",
                key: .optional(.string),
                value: .optional(.string),
                timestampExtractor: NumberOrPartitionTime()
            )
            stream.to("echo", key: .string, value: .string)
            stream.groupByKey(key: .string)
                .windowedBy(TimeWindows(size: .seconds(10), grace: .seconds(5)))
                .count(as: "w")
                .toStream()
                .to("out", key: .timeWindowed(.string, size: .seconds(10)), value: .int64)
        },
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
