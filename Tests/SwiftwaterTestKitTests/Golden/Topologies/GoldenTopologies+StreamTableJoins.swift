import Swiftwater

extension GoldenTopologies {
    private static func stream(_ builder: StreamsBuilder) -> KStream<String?, String?> {
        builder.stream("s", key: .optional(.string), value: .optional(.string))
    }

    private static func table(
        _ builder: StreamsBuilder,
        _ topic: String,
        _ name: Materialized<String, String>
    ) -> KTable<String, String> {
        builder.table(topic, key: .string, value: .string, as: name)
    }

    @Sendable private static func both(_ left: String, _ right: String) -> String { "\(left)+\(right)" }

    @Sendable private static func left(_ left: String, _ right: String?) -> String { "\(left)+\(right ?? "null")" }

    /// The part of a value before `|`; nil where that is empty.
    @Sendable private static func foreignKey(_ value: String) -> String? {
        value.hasPrefix("|") ? nil : String(value.prefix { $0 != "|" })
    }

    static let streamTableJoins: [GoldenTopology] = [
        GoldenTopology("kt-join-inner") { builder in
            let table = table(builder, "t", "tbl")
            stream(builder).join(table, both).to("out", key: .string, value: .string)
        },
        GoldenTopology("kt-join-left") { builder in
            let table = table(builder, "t", "tbl")
            stream(builder).leftJoin(table) { "\($0 ?? "null"):\($1)+\($2 ?? "null")" }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("kt-join-left-repartition") { builder in
            let table = builder.table("t", key: .string, value: .string).mapValues { $0.uppercased() }
            stream(builder).selectKey { _, value in value.map { String($0.prefix { $0 != "|" }) } }
                .leftJoin(table, joined: Joined(named: "jn", key: .string, value: .string), left)
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("kt-join-versioned-nograce") { builder in
            let table = table(builder, "t", Materialized("vt", history: .seconds(60)))
            stream(builder).join(table, both).to("out", key: .string, value: .string)
        },
        GoldenTopology("kt-join-versioned-grace5") { builder in
            let table = table(builder, "t", Materialized("vt", history: .seconds(60)))
            stream(builder).leftJoin(table, joined: Joined(named: "vj", gracePeriod: .seconds(5)), left)
                .to("out", key: .string, value: .string)
        },
    ]

    static let foreignKeyJoins: [GoldenTopology] = [
        GoldenTopology("fk-join-inner") { builder in
            let lefts = table(builder, "l", "lt")
            let rights = table(builder, "r", "rt")
            lefts.join(rights, on: foreignKey, both).toStream().to("out", key: .string, value: .string)
        },
        GoldenTopology("fk-join-left") { builder in
            let lefts = table(builder, "l", "lt")
            let rights = table(builder, "r", "rt")
            lefts.leftJoin(rights, joined: TableJoined(named: "fk"), as: "res", on: foreignKey, left)
                .toStream()
                .to("out", key: .string, value: .string)
        },
    ]
}
