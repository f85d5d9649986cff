import Swiftwater
import SwiftwaterTestKit
import Testing

/// The tables by which Kafka Streams' developer guide explains joins, each with the caches on and off.
@Suite struct JoinTableTests {
    private typealias Join = (StreamsBuilder) -> Void

    private static func joined(_ left: String?, _ right: String?) -> String { "[\(left ?? "null"),\(right ?? "null")]" }

    private func check(_ name: String, _ joins: [JoinTable.Variant: Join]) throws {
        let table = try JoinTable(named: name)
        #expect(Set(table.variants) == Set(joins.keys))
        #expect(table.steps.count >= 10)
        for (variant, join) in joins {
            for isCachingEnabled in [true, false] {
                let builder = StreamsBuilder()
                join(builder)
                let inputs = table.steps.map { ($0.topic, $0.key, $0.value, $0.time) as RuleRun.Input }
                let run = try StepRun(builder, isCachingEnabled: isCachingEnabled, inputs)
                for (step, told) in zip(table.steps, run.steps) {
                    #expect(
                        told.map { String($0.prefix { $0 != "@" }) } == step.told[variant],
                        "\(name), \(variant), at \(step.time), caching \(isCachingEnabled)")
                }
            }
        }
    }

    @Test func `S-69 S-71 J-01 streams are joined as the guide's table says`() throws {
        let windows = JoinWindows.within(.seconds(15), grace: .seconds(5))
        try check(
            "stream-stream",
            [
                .inner: { builder in
                    builder.texts("left").join(builder.texts("right"), windows) { Self.joined($0, $1) }
                        .to("out", key: .string, value: .string)
                },
                .leftJoin: { builder in
                    builder.texts("left").leftJoin(builder.texts("right"), windows) { Self.joined($0, $1) }
                        .to("out", key: .string, value: .string)
                },
                .outerJoin: { builder in
                    builder.texts("left").outerJoin(builder.texts("right"), windows) { Self.joined($0, $1) }
                        .to("out", key: .string, value: .string)
                },
            ])
    }

    @Test func `S-77 J-02 a stream is joined with a table as the guide's table says`() throws {
        try check(
            "stream-table",
            [
                .inner: { builder in
                    builder.texts("left").join(Self.table(builder, "right")) { Self.joined($0, $1) }
                        .to("out", key: .string, value: .string)
                },
                .leftJoin: { builder in
                    builder.texts("left").leftJoin(Self.table(builder, "right")) { Self.joined($0, $1) }
                        .to("out", key: .string, value: .string)
                },
            ])
    }

    @Test func `S-81 T-06 tables are joined as the guide's table says`() throws {
        try check(
            "table-table",
            [
                .inner: { builder in
                    Self.table(builder, "left")
                        .join(Self.table(builder, "right"), as: "joined") { Self.joined($0, $1) }
                        .toStream().to("out", key: .string, value: .string)
                },
                .leftJoin: { builder in
                    Self.table(builder, "left")
                        .leftJoin(Self.table(builder, "right"), as: "joined") { Self.joined($0, $1) }
                        .toStream().to("out", key: .string, value: .string)
                },
                .outerJoin: { builder in
                    Self.table(builder, "left")
                        .outerJoin(Self.table(builder, "right"), as: "joined") { Self.joined($0, $1) }
                        .toStream().to("out", key: .string, value: .string)
                },
            ])
    }

    @Test func `S-83 T-07 tables are joined by foreign key as the guide's table says`() throws {
        try check(
            "foreign-key",
            [
                .inner: { builder in
                    Self.table(builder, "left")
                        .join(Self.table(builder, "right"), on: { $0 }) { Self.joined($0, $1) }
                        .toStream().to("out", key: .string, value: .string)
                },
                .leftJoin: { builder in
                    Self.table(builder, "left")
                        .leftJoin(Self.table(builder, "right"), on: { $0 }) { Self.joined($0, $1) }
                        .toStream().to("out", key: .string, value: .string)
                },
            ])
    }

    private static func table(_ builder: StreamsBuilder, _ topic: String) -> KTable<String, String> {
        builder.table(topic, key: .string, value: .string, as: Materialized("\(topic)-store"))
    }
}
