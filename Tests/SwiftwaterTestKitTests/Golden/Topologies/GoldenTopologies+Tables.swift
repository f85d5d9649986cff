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
        GoldenTopology("table-filter-materialized") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .filter(as: "filtered") { _, value in value.utf16.count > 1 }
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-filter-unmaterialized") { builder in
            builder.table("in", key: .string, value: .string)
                .filter { _, value in value.utf16.count > 1 }
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-filternot-mapvalues-nocache") { builder in
            builder.table("in", key: .string, value: .string)
                .filterNot { _, value in value.hasPrefix("x") }
                .mapValues(as: Materialized("len", value: .int64, cached: false)) { value in Int64(value.utf16.count) }
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("table-source-optimized") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .mapValues(as: "mapped") { value in value + "!" }
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("table-versioned-filter") { builder in
            builder.table("in", key: .string, value: .string, as: Materialized("vt", history: .seconds(20)))
                .filter { _, value in value.utf16.count > 1 }
                .toStream()
                .to("out", key: .string, value: .string)
        },
    ]
}
