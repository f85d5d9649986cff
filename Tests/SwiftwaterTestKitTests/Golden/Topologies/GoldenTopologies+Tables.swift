import Swiftwater

extension GoldenTopologies {
    static let tables: [GoldenTopology] = [
        GoldenTopology("table-source-tostream") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-source-unmaterialized") { builder in
            builder.table("in", key: .string, value: .string)
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-totable") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .toTable(as: "tt", named: "totable")
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-totable-selectkey") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .selectKey { key, value in value.flatMap(\.first).map { String($0) } ?? key }
                .toTable(as: "tt")
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-tostream-mapper") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .toStream { key, value in value ?? key + "-gone" }
                .to("out", key: .string, value: .string)
        },
    ]
}
