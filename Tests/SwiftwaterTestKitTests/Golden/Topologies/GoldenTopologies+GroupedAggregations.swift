import Swiftwater

extension GoldenTopologies {
    static let groupedAggregations: [GoldenTopology] = [
        GoldenTopology("agg-aggregate-groupby-cacheoff") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.int64))
                .groupBy(key: .string) { _, value in value.map { "m\((($0 % 3) + 3) % 3)" } }
                .aggregate("init", as: "agg") { _, value, aggregate in
                    aggregate.utf16.count > 40 ? "reset|\(value)" : "\(aggregate)|\(value)"
                }
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("agg-aggregate-tombstone") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .groupByKey(key: .string)
                .aggregate("", as: "agg") { _, value, aggregate in value == "del" ? nil : aggregate + value }
                .toStream()
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("agg-count-groupby-repartition") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .groupBy(key: .string, named: "by-first") { _, value in value.flatMap(\.first).map { String($0) } }
                .count(as: "counts", named: "counter")
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("agg-count-groupbykey") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .groupByKey(key: .string)
                .count(as: "counts")
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("agg-count-inmemory-int") { builder in
            builder.stream("in", key: .optional(.int32), value: .optional(.string))
                .filter { _, value in value.map { $0.utf16.count <= 4 } ?? true }
                .groupByKey(key: .int32)
                .count(as: Materialized("counts", storeType: .inMemory))
                .toStream()
                .to("out", key: .int32, value: .int64)
        },
        GoldenTopology("agg-reduce-groupbykey-long") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.int64))
                .groupByKey(key: .string)
                .reduce(as: "sums") { sum, value in sum + value }
                .toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("agg-reduce-returns-null") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .groupByKey(key: .string)
                .reduce(as: "red") { aggregate, value in value == "del" ? nil : aggregate + value }
                .toStream()
                .to("out", key: .string, value: .string)
        },
    ]
}
