import Swiftwater

extension GoldenTopologies {
    static let groupedTables: [GoldenTopology] = [
        GoldenTopology("kgt-count-key-changed") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .groupBy { _, value in (value, value) }
                .count(as: "counts")
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("kgt-reduce-sum") { builder in
            builder.table("in", key: .string, value: .int64, as: "tbl")
                .groupBy { _, value in (value % 2 == 0 ? "even" : "odd", value) }
                .reduce(as: "sums", adder: { $0 &+ $1 }, subtractor: { $0 &- $1 })
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("kgt-aggregate-key-unchanged") { builder in
            builder.table("in", key: .string, value: .string, as: "tbl")
                .groupBy { key, value in (key, value) }
                .aggregate(
                    "0",
                    as: "agg",
                    adder: { _, value, trace in String("\(trace)+\(value)".suffix(30)) },
                    subtractor: { _, value, trace in String("\(trace)-\(value)".suffix(30)) }
                )
                .toStream()
                .to("out", key: .string, value: .string)
        },
    ]
}
