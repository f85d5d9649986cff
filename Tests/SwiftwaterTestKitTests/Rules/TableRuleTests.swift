import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TableRuleTests {
    private func table(
        _ builder: StreamsBuilder, _ topic: String = "in", _ materialized: Materialized<String, String>? = nil
    ) -> KTable<String, String> {
        builder.table(topic, key: .string, value: .string, as: materialized)
    }

    private func write(_ table: KTable<String, String>) {
        table.toStream().to("out", key: .string, value: .string)
    }

    private func write(_ table: KTable<String, Int64>) {
        table.toStream().to("out", key: .string, value: .int64)
    }

    // MARK: Old values and views

    @Test func `S-30 a source keeps a store only when an operator asks for old values or for lookups`() throws {
        func stores(_ chain: (KTable<String, String>, StreamsBuilder) -> Void) throws -> [String] {
            let builder = StreamsBuilder()
            chain(table(builder), builder)
            return try builder.build().stores.map(\.name)
        }
        #expect(try stores { source, _ in write(source.filter { _, _ in true }.mapValues { $0 }) } == [])
        #expect(
            try stores { source, _ in write(source.filter { _, _ in true }.groupBy { ($1, $0) }.count(as: "c")) }
                == ["in-STATE-STORE-0000000000", "c"])
        #expect(
            try stores { source, builder in
                write(source.mapValues { $0 }.join(table(builder, "r", "r")) { left, right in left + right })
            } == ["in-STATE-STORE-0000000000", "r"])
    }

    @Test func `S-33 S-34 a table filter deletes what no longer matches, and says nothing twice where it knows`() throws
    {
        let inputs: [RuleRun.Input] = [
            ("in", "k", "a", 1), ("in", "k", "no", 2), ("in", "k", "no", 3), ("in", "k", "b", 4), ("in", "k", nil, 5),
        ]
        func filtered(cached: Bool, _ materialized: Materialized<String, String>?) throws -> [String] {
            let builder = StreamsBuilder()
            write(table(builder, "in", materialized).filter { _, value in value != "no" })
            return try RuleRun(builder, isCachingEnabled: cached, inputs)["out"]
        }
        #expect(try filtered(cached: true, nil) == ["k=a@1", "k=null@2", "k=null@3", "k=b@4", "k=null@5"])
        // A table that is kept knows what it has told.
        #expect(try filtered(cached: true, "t") == ["k=a@1", "k=null@2", "k=b@4", "k=null@5"])
        #expect(try filtered(cached: false, "t") == ["k=a@1", "k=null@2", "k=b@4", "k=null@5"])
        // So does one that is kept because somebody asks for old values.
        let asking = StreamsBuilder()
        let filtered = table(asking).filter { _, value in value != "no" }
        _ = filtered.groupBy { key, value in (value, key) }.count(as: "c")
        write(filtered)
        #expect(try RuleRun(asking, inputs)["out"] == ["k=a@1", "k=null@2", "k=b@4", "k=null@5"])
        // A versioned table is never known to have said it.
        let versioned = StreamsBuilder()
        let past = table(versioned, "in", Materialized("t", history: .seconds(10)))
            .filter { _, value in value != "no" }
        _ = past.groupBy { key, value in (value, key) }.count(as: "c")
        write(past)
        #expect(
            try RuleRun(versioned, inputs)["out"] == ["k=a@1", "k=null@2", "k=null@3", "k=b@4", "k=null@5"])
    }

    @Test func `S-33 a filter of aggregates, through a view too, never deletes what it did not tell`() throws {
        let inputs = (1...4).map { RuleRun.Input("in", "k", "v", Timestamp(rawValue: $0)) }
        for isCachingEnabled in [true, false] {
            let builder = StreamsBuilder()
            write(
                builder.texts("in").groupByKey(key: .string).count(as: "c")
                    .mapValues { $0 * 10 }
                    .filter(as: Materialized("f", value: .int64)) { _, count in count == 30 })
            let run = try RuleRun(builder, isCachingEnabled: isCachingEnabled, inputs)
            #expect(run["out"] == ["k=30@3", "k=null@4"])
        }
    }

    @Test func `S-30 S-86 a foreign-key join hears nothing of right rows that a filter never let through`() throws {
        let builder = StreamsBuilder()
        let right = table(builder, "r").filter { _, value in value != "no" }
        let kept = Materialized<String, String>("j", value: .string, cached: false)
        write(table(builder, "l").join(right, as: kept, on: { $0 }) { left, right in left + right })
        let run = try RuleRun(
            builder, [("l", "k", "f", 1), ("r", "f", "no", 2), ("r", "f", "x", 3), ("r", "f", "no", 4)])
        #expect(run["out"] == ["k=fx@3", "k=null@4"])
    }

    @Test func `S-35 a view is looked up through the store above it`() throws {
        let builder = StreamsBuilder()
        let left = table(builder, "l", "l")
        let right = table(builder, "r", "r").filter { _, value in value != "no" }.mapValues { $0 + "!" }
        write(left.join(right) { left, right in left + right })
        #expect(try builder.build().stores.map(\.name) == ["l", "r"])
        let run = try RuleRun(
            builder, [("r", "k", "x", 5), ("l", "k", "a", 1), ("r", "k", "no", 6), ("l", "k", "b", 7)])
        #expect(run["out"] == ["k=ax!@5", "k=null@6"])
    }

    @Test func `T-03 a value transformer sees deletions and reads its stores`() throws {
        let builder = StreamsBuilder()
        let seen = builder.addStateStore(.keyValue("seen", key: .string, value: .int64))
        write(
            table(builder, "in", "t").transformValues(as: Materialized("tt", value: .string), stores: [seen]) {
                context in
                let seen = try context.store(seen)
                return { key, value in
                    let count = (try seen.value(of: key) ?? 0) + 1
                    try seen.set(count, of: key)
                    return "\(value ?? "gone")\(count)"
                }
            }
        )
        let run = try RuleRun(builder, [("in", "k", "a", 1), ("in", "k", nil, 2)])
        #expect(run["out"] == ["k=a1@1", "k=gone2@2"])
    }

    @Test func `T-09 a table has a queryable store if it was given one`() {
        let builder = StreamsBuilder()
        let source = table(builder, "in", "t")
        #expect(source.queryableStoreName == "t")
        #expect(source.filter(as: "f") { _, _ in true }.queryableStoreName == "f")
        #expect(source.filter { _, _ in true }.queryableStoreName == nil)
        #expect(source.filter(as: Materialized(cached: false)) { _, _ in true }.queryableStoreName == nil)
        #expect(table(builder, "other").queryableStoreName == nil)
    }

    // MARK: Grouped tables

    @Test func `S-39 S-40 the old row is taken out before the new is put in, in one record where the key stays`() throws
    {
        let builder = StreamsBuilder()
        let grouped = table(builder, "in", "t").groupBy { _, value in (String(value.prefix(1)), value) }
        write(
            grouped.aggregate(
                "",
                as: "agg",
                adder: { _, value, all in all + "+" + value },
                subtractor: { _, value, all in all + "-" + value }
            )
        )
        let run = try RuleRun(
            builder, [("in", "k", "a1", 5), ("in", "k", "a2", 3), ("in", "k", "b1", 7), ("in", "k", nil, 8)])
        #expect(
            run["out"] == ["a=+a1@5", "a=+a1-a1+a2@5", "a=+a1-a1+a2-a2@7", "b=+b1@7", "b=+b1-b1@8"])
    }

    @Test func `S-39 the aggregate begins anew after the subtractor deleted it`() throws {
        let builder = StreamsBuilder()
        write(
            table(builder, "in", "t").groupBy { _, value in ("all", value) }
                .aggregate(
                    "0", as: Materialized("agg", cached: false), adder: { _, value, all in all + value },
                    subtractor: { _, _, _ in nil })
        )
        let run = try RuleRun(
            builder, [("in", "k", "a", 1), ("in", "k", "b", 2), ("in", "k", nil, 3), ("in", "k", "c", 4)])
        #expect(run["out"] == ["all=0a@1", "all=0b@2", "all=null@3", "all=0c@4"])
    }

    @Test func `S-26 a row without a new key or value is left out, one half at a time`() throws {
        let builder = StreamsBuilder()
        write(
            table(builder, "in", "t").groupBy { key, value in value == "none" ? nil : (value, key) }.count(as: "c"))
        let run = try RuleRun(
            builder, [("in", "k", "a", 1), ("in", "k", "none", 2), ("in", "k", "a", 3)])
        #expect(run["out"] == ["a=1@1", "a=0@2", "a=1@3"])
        #expect(run.dropped.isEmpty)
    }

    @Test func `S-42 S-31 aggregates and joins of versioned tables leave the past out`() throws {
        let history = Materialized<String, String>("v", history: .seconds(10))
        let builder = StreamsBuilder()
        write(table(builder, "in", history).groupBy { key, value in (value, key) }.count(as: "c"))
        let inputs: [RuleRun.Input] = [
            ("in", "k", "a", 5_000), ("in", "k", "late", 4_000), ("in", "k", "b", 20_000), ("in", "k", "gone", 100),
        ]
        let run = try RuleRun(builder, inputs)
        #expect(run["out"] == ["a=1@5000", "a=0@20000", "b=1@20000"])
        #expect(run.dropped == [.outOfOrder: 1, .expired: 1])

        let joining = StreamsBuilder()
        write(
            table(joining, "in", history).leftJoin(table(joining, "r", "r")) { left, right in left + (right ?? "?") })
        let joined = try RuleRun(joining, inputs)
        #expect(joined["out"] == ["k=a?@5000", "k=b?@20000"])
        #expect(joined.dropped == [.outOfOrder: 1, .expired: 1])
    }

    // MARK: Joins

    struct JoinCase: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: [String]
        var join:
            @Sendable (KTable<String, String>, KTable<String, String>, Materialized<String, String>?) -> KTable<
                String, String
            >
    }

    static let joins = [
        JoinCase(testDescription: "inner", expected: ["k=A+a@4", "k=B+a@5", "k=null@6", "k=C+a@7", "k=null@8"]) {
            $0.join($1, as: $2) { left, right in "\(left)+\(right)" }
        },
        JoinCase(
            testDescription: "left",
            expected: ["k=A+a@4", "k=B+a@5", "k=null@6", "k=C+a@7", "k=C+null@8", "k=null@9"]
        ) { $0.leftJoin($1, as: $2) { left, right in "\(left)+\(right ?? "null")" } },
        JoinCase(
            testDescription: "outer",
            expected: [
                "k=null+a@3", "k=A+a@4", "k=B+a@5", "k=null+a@6", "k=C+a@7", "k=C+null@8", "k=null@9",
            ]
        ) { $0.outerJoin($1, as: $2) { left, right in "\(left ?? "null")+\(right ?? "null")" } },
    ]

    @Test(arguments: joins, [true, false])
    func `S-81 S-82 every change of either table is joined with what the other has`(join: JoinCase, cached: Bool) throws
    {
        for stored in [nil, Materialized<String, String>("j")] {
            let builder = StreamsBuilder()
            write(join.join(table(builder, "l", "l"), table(builder, "r", "r"), stored))
            let run = try RuleRun(
                builder,
                isCachingEnabled: cached,
                [
                    ("l", "k", nil, 1), ("r", "k", nil, 2), ("r", "k", "a", 3), ("l", "k", "A", 4), ("l", "k", "B", 5),
                    ("l", "k", nil, 6), ("l", "k", "C", 7), ("r", "k", nil, 8), ("l", "k", nil, 9),
                ]
            )
            #expect(run["out"] == join.expected)
        }
    }

    @Test func `S-25 records without a key are dropped before a table join`() throws {
        let builder = StreamsBuilder()
        write(table(builder, "l", "l").join(table(builder, "r", "r")) { left, right in left + right })
        let run = try RuleRun(builder, [("l", nil, "a", 1), ("r", nil, "b", 2)])
        #expect(run["out"].isEmpty)
        #expect(run.dropped == [.nullKey: 2])
    }

    @Test func `T-08 a versioned table cannot be suppressed`() {
        let builder = StreamsBuilder()
        _ = table(builder, "in", Materialized("v", history: .seconds(1)))
            .suppress(.untilTimeLimit(.seconds(1)))
        #expect(throws: StreamsError.self) { try builder.build() }
    }
}
