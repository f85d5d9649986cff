import Swiftwater

extension GoldenTopologies {
    private static func texts(_ builder: StreamsBuilder, _ topic: String = "in") -> KGroupedStream<String, String?> {
        builder.stream(topic, key: .optional(.string), value: .optional(.string)).groupByKey(key: .string)
    }

    private static func numbers(_ builder: StreamsBuilder) -> KGroupedStream<String, Int64?> {
        builder.stream("in", key: .optional(.string), value: .optional(.int64)).groupByKey(key: .string)
    }

    /// Java's text of a value that may be null.
    private static func text(_ value: String?) -> String { value ?? "null" }

    private static func write<Value>(
        _ table: KTable<Windowed<String>, Value>,
        sliding size: Int64,
        _ value: Serde<Value>
    ) {
        table.toStream().to("out", key: .timeWindowed(.string, size: .milliseconds(size)), value: value)
    }

    private static func write<Value>(sessions table: KTable<Windowed<String>, Value>, _ value: Serde<Value>) {
        table.toStream().to("out", key: .sessionWindowed(.string), value: value)
    }

    @Sendable private static func sum(_ left: Int64, _ right: Int64?) -> Int64? { right.map { left + $0 } ?? left }

    static let windowed: [GoldenTopology] = [
        GoldenTopology("win-hopping-aggregate-tombstone") { builder in
            let table = texts(builder).windowedBy(.hopping(.seconds(8), advance: .seconds(4), grace: .seconds(10)))
                .aggregate("", as: Materialized("w", value: .string, cached: false)) { _, value, aggregate in
                    value == "del" ? nil : aggregate + text(value)
                }
            write(table, sliding: 8_000, .string)
        },
        GoldenTopology("win-hopping-reduce-10s-adv3s-grace5") { builder in
            let table = numbers(builder).windowedBy(.hopping(.seconds(10), advance: .seconds(3), grace: .seconds(5)))
                .reduce(as: "w", sum)
            write(table, sliding: 10_000, .int64)
        },
        GoldenTopology("win-session-aggregate-5s-grace10-nocache") { builder in
            let table = texts(builder).windowedBy(.session(gap: .seconds(5), grace: .seconds(10)))
                .aggregate(
                    "",
                    as: Materialized("s", value: .string, cached: false),
                    merger: { _, left, right in "(\(left)|\(right))" }
                ) { _, value, aggregate in aggregate + text(value) }
            write(sessions: table, .string)
        },
        GoldenTopology("win-session-count-5s-grace2") { builder in
            write(
                sessions: texts(builder).windowedBy(.session(gap: .seconds(5), grace: .seconds(2))).count(as: "s"),
                .int64)
        },
        GoldenTopology("win-session-reduce-5s-grace0") { builder in
            write(sessions: numbers(builder).windowedBy(.session(gap: .seconds(5))).reduce(as: "s", sum), .int64)
        },
        GoldenTopology("win-sliding-count-5s-grace3") { builder in
            write(
                texts(builder).windowedBy(.sliding(.seconds(5), grace: .seconds(3))).count(as: "w"), sliding: 5_000,
                .int64)
        },
        GoldenTopology("win-sliding-reduce-10s-grace30") { builder in
            let table = texts(builder).windowedBy(.sliding(.seconds(10), grace: .seconds(30)))
                .reduce(as: Materialized("w", cached: false)) { left, right in
                    String((left + text(right)).suffix(24))
                }
            write(table, sliding: 10_000, .string)
        },
        GoldenTopology("win-tumbling-count-10s-grace0") { builder in
            write(texts(builder).windowedBy(.tumbling(.seconds(10))).count(as: "w"), sliding: 10_000, .int64)
        },
        GoldenTopology("win-tumbling-count-10s-grace5") { builder in
            let table = texts(builder).windowedBy(.tumbling(.seconds(10), grace: .seconds(5)))
                .count(as: Materialized("w", cached: false))
            write(table, sliding: 10_000, .int64)
        },
        GoldenTopology("win-unlimited-count") { builder in
            write(texts(builder).windowedBy(.unlimited(start: 5_000)).count(as: "w"), sliding: .max, .int64)
        },
    ]

    static let finals: [GoldenTopology] = [
        GoldenTopology("emitfinal-session-5s-grace2") { builder in
            let table = texts(builder).windowedBy(.session(gap: .seconds(5), grace: .seconds(2)))
                .emitStrategy(.onWindowClose)
                .aggregate("", as: "s", merger: { _, left, right in "\(left)|\(right)" }) { _, value, aggregate in
                    aggregate + text(value)
                }
            write(sessions: table, .string)
        },
        GoldenTopology("emitfinal-sliding-5s-grace3") { builder in
            let table = texts(builder).windowedBy(.sliding(.seconds(5), grace: .seconds(3)))
                .emitStrategy(.onWindowClose).count(as: "w")
            write(table, sliding: 5_000, .int64)
        },
        GoldenTopology("emitfinal-tumbling-10s-grace5") { builder in
            let table = texts(builder).windowedBy(.tumbling(.seconds(10), grace: .seconds(5)))
                .emitStrategy(.onWindowClose).count(as: "w")
            write(table, sliding: 10_000, .int64)
        },
    ]

    static let suppressed: [GoldenTopology] = [
        GoldenTopology("suppress-maxrecords-shutdown") { builder in
            let table = texts(builder).windowedBy(.tumbling(.seconds(10))).count(as: "w")
                .suppress(.untilWindowCloses(.maxRecords(3, whenFull: .shutDown)))
            write(table, sliding: 10_000, .int64)
        },
        GoldenTopology("suppress-session-close") { builder in
            let table = texts(builder).windowedBy(.session(gap: .seconds(5), grace: .seconds(2)))
                .reduce(as: "s") { left, right in left + text(right) }
                .suppress(.untilWindowCloses())
            write(sessions: table, .string)
        },
        GoldenTopology("suppress-sliding-close") { builder in
            let table = texts(builder).windowedBy(.sliding(.seconds(5), grace: .seconds(3))).count(as: "w")
                .suppress(.untilWindowCloses())
            write(table, sliding: 5_000, .int64)
        },
        GoldenTopology("suppress-timelimit-maxrecords2") { builder in
            texts(builder).count(as: "c").suppress(.untilTimeLimit(.seconds(5), .maxRecords(2))).toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("suppress-tumbling-close") { builder in
            let table = texts(builder).windowedBy(.tumbling(.seconds(10), grace: .seconds(5))).count(as: "w")
                .suppress(.untilWindowCloses(named: "sup"))
            write(table, sliding: 10_000, .int64)
        },
    ]

    static let cogrouped: [GoldenTopology] = [
        GoldenTopology("cogroup-plain") { builder in
            let left = texts(builder, "l")
            let right = texts(builder, "r")
            left.cogroup { _, value, aggregate in aggregate + "l" + text(value) }
                .cogroup(right) { _, value, aggregate in value == "del" ? nil : aggregate + "r" + text(value) }
                .aggregate("", as: "cg").toStream().to("out", key: .string, value: .string)
        },
        GoldenTopology("cogroup-session-5s-grace5") { builder in
            let left = texts(builder, "l")
            let right = texts(builder, "r")
            let table = left.cogroup { _, value, aggregate in aggregate + text(value) }
                .cogroup(right) { _, value, aggregate in aggregate + (value.map { $0.uppercased() } ?? "0") }
                .windowedBy(.session(gap: .seconds(5), grace: .seconds(5)))
                .aggregate("", as: "cg", merger: { _, left, right in "\(left)|\(right)" })
            write(sessions: table, .string)
        },
        GoldenTopology("cogroup-tumbling-10s-grace2") { builder in
            let left = texts(builder, "l")
            let right = builder.stream("r", key: .optional(.string), value: .optional(.int64))
                .groupBy(key: .string, value: .optional(.int64)) { _, value -> String? in
                    value.map { ($0 % 2 + 2) % 2 == 0 ? "a" : "b" }
                }
            let table = left.cogroup { _, value, aggregate in aggregate + text(value) }
                .cogroup(right) { _, value, aggregate in aggregate + (value.map { "\($0)" } ?? "null") }
                .windowedBy(.tumbling(.seconds(10), grace: .seconds(2)))
                .aggregate("", as: "cg")
            write(table, sliding: 10_000, .string)
        },
    ]
}
