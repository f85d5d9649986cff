import Swiftwater

extension GoldenTopologies {
    private typealias Texts = KStream<String?, String?>

    private static func pair(_ builder: StreamsBuilder) -> (left: Texts, right: Texts) {
        (
            builder.stream("l", key: .optional(.string), value: .optional(.string)),
            builder.stream("r", key: .optional(.string), value: .optional(.string))
        )
    }

    private static func write(_ joined: KStream<String, String>) {
        joined.to("out", key: .string, value: .string)
    }

    private static func write(_ joined: KStream<String?, String>) {
        joined.to("out", key: .string, value: .string)
    }

    @Sendable private static func both(_ left: String, _ right: String) -> String { "\(left)+\(right)" }

    @Sendable private static func left(_ left: String, _ right: String?) -> String { "\(left)+\(right ?? "null")" }

    @Sendable private static func outer(_ left: String?, _ right: String?) -> String {
        "\(left ?? "null")+\(right ?? "null")"
    }

    @Sendable private static func selfJoin(_ builder: StreamsBuilder) {
        let stream = builder.stream("in", key: .optional(.string), value: .optional(.string))
        write(stream.join(stream, .within(.seconds(5), grace: .seconds(10)), both))
    }

    static let streamJoins: [GoldenTopology] = [
        GoldenTopology("kk-join-inner-10s-grace0") { builder in
            let (left, right) = pair(builder)
            write(left.join(right, .within(.seconds(10)), joined: StreamJoined(named: "j", storeName: "j"), both))
        },
        GoldenTopology("kk-join-inner-asym-before3-after8-grace5") { builder in
            let (left, right) = pair(builder)
            write(left.join(right, .within(.seconds(3), grace: .seconds(5)).after(.seconds(8)), both))
        },
        GoldenTopology("kk-join-inner-repartition-withkey") { builder in
            let (left, right) = pair(builder)
            let first: @Sendable (String?, String?) -> String? = { _, value in value?.first.map { String($0) } }
            // The streams are named in the order in which the recording made them.
            let leftByFirst = left.selectKey(first)
            let rightByFirst = right.selectKey(first)
            write(
                leftByFirst.join(
                    rightByFirst,
                    .within(.seconds(10), grace: .seconds(5)),
                    joined: StreamJoined(named: "rj", storeName: "rjs")
                ) { (key: String, left: String, right: String) in "\(key):\(left)+\(right)" }
            )
        },
        GoldenTopology("kk-join-left-10s-grace5") { builder in
            let (left, right) = pair(builder)
            write(
                left.leftJoin(
                    right,
                    .within(.seconds(10), grace: .seconds(5)),
                    joined: StreamJoined(named: "lj", storeName: "lj"),
                    Self.left
                )
            )
        },
        GoldenTopology("kk-join-left-before5-after0-grace0") { builder in
            let (left, right) = pair(builder)
            write(left.leftJoin(right, .within(.seconds(5)).after(.zero), Self.left))
        },
        GoldenTopology("kk-join-left-legacy-of-5s") { builder in
            let (left, right) = pair(builder)
            let windows = JoinWindows(
                before: .seconds(5), after: .seconds(5), grace: .seconds(86_400), emitsUnmatchedAtOnce: true)
            write(left.leftJoin(right, windows, Self.left))
        },
        GoldenTopology("kk-join-outer-10s-grace5") { builder in
            let (left, right) = pair(builder)
            write(left.outerJoin(right, .within(.seconds(10), grace: .seconds(5)), outer))
        },
        GoldenTopology("kk-join-outer-inmemory-repartition-left") { builder in
            let (left, right) = pair(builder)
            let rekeyed = left.selectKey { key, _ in key ?? "a" as String? }
            let marked = right.mapValues { value in value.map { "\($0)'" } }
            write(
                rekeyed.outerJoin(
                    marked,
                    .within(.seconds(6), grace: .seconds(3)),
                    joined: StreamJoined(thisStore: .inMemory("this"), otherStore: .inMemory("other")),
                    outer
                )
            )
        },
        GoldenTopology("kk-selfjoin-noopt", selfJoin),
        GoldenTopology("kk-selfjoin-optimized", selfJoin),
    ]
}
