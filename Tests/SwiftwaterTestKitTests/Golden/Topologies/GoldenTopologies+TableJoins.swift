import Swiftwater

extension GoldenTopologies {
    private typealias Texts = KTable<String, String>

    private static func pair(
        _ builder: StreamsBuilder,
        _ left: Materialized<String, String>?,
        _ right: Materialized<String, String>?
    ) -> (left: Texts, right: Texts) {
        (
            builder.table("l", key: .string, value: .string, as: left),
            builder.table("r", key: .string, value: .string, as: right)
        )
    }

    private static func write(_ joined: Texts) {
        joined.toStream().to("out", key: .string, value: .string)
    }

    static let tableJoins: [GoldenTopology] = [
        GoldenTopology("tt-join-inner") { builder in
            let (left, right) = pair(builder, "lt", "rt")
            write(left.join(right) { left, right in "\(left)+\(right)" })
        },
        GoldenTopology("tt-join-inner-versioned") { builder in
            let (left, right) = pair(
                builder, Materialized("lv", history: .seconds(30)), Materialized("rv", history: .seconds(30)))
            write(left.join(right) { left, right in "\(left)+\(right)" })
        },
        GoldenTopology("tt-join-left") { builder in
            let (left, right) = pair(builder, nil, nil)
            write(left.leftJoin(right, as: "res") { left, right in "\(left)+\(right ?? "null")" })
        },
        GoldenTopology("tt-join-outer") { builder in
            let (left, right) = pair(builder, "lt", "rt")
            write(left.outerJoin(right) { left, right in "\(left ?? "null")+\(right ?? "null")" })
        },
    ]
}
