import Swiftwater
import SwiftwaterTestKit
import Testing

/// Feeds tables with random updates and compares what is told with a naive model after every record.
@Suite struct TableModelTests {
    /// A table as the model keeps it; a versioned one follows the times of its updates, others their order.
    private struct Rows {
        var isVersioned: Bool
        var values: [String: (value: String, time: Int64)] = [:]
        private var times: [String: Int64] = [:]

        init(isVersioned: Bool) {
            self.isVersioned = isVersioned
        }

        mutating func take(_ key: String, _ value: String?, _ time: Int64) {
            if isVersioned, time < times[key] ?? 0 { return }
            times[key] = time
            values[key] = value.map { ($0, time) }
        }
    }

    /// What one that follows an output topic knows.
    private struct Told {
        var values: [String: String] = [:]
        var times: [String: Int64] = [:]

        mutating func take(_ topic: String, from driver: TopologyTestDriver) throws {
            for record in try driver.outputTopic(topic, key: .string, value: .optional(.string)).readRecords() {
                values[record.key] = record.value
                times[record.key] = record.timestamp.rawValue
            }
        }
    }

    struct JoinCase: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var needsLeft: Bool
        var needsRight: Bool
    }

    static let joins = [
        JoinCase(testDescription: "inner", needsLeft: true, needsRight: true),
        JoinCase(testDescription: "left", needsLeft: true, needsRight: false),
        JoinCase(testDescription: "outer", needsLeft: false, needsRight: false),
    ]

    @Sendable private static func text(_ left: String?, _ right: String?) -> String {
        "\(left ?? "-")\(right ?? "-")"
    }

    /// Two tables, the right one through a view, joined; the result joined with a third table, for which it is looked up.
    private func topology(_ join: JoinCase, versioned: Bool, stored: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        let history: Duration? = versioned ? .seconds(1_000) : nil
        let left = builder.table("l", key: .string, value: .string, as: Materialized("l", history: history))
        let right = builder.table("r", key: .string, value: .string, as: Materialized("r", history: history))
            .filter { _, value in value != "x" }
        let third = builder.table("t", key: .string, value: .string)
        let result: Materialized<String, String>? = stored ? "j" : nil
        let joined: KTable<String, String> =
            if join.needsRight {
                left.join(right, as: result) { left, right in Self.text(left, right) }
            } else if join.needsLeft {
                left.leftJoin(right, as: result) { left, right in Self.text(left, right) }
            } else {
                left.outerJoin(right, as: result) { left, right in Self.text(left, right) }
            }
        joined.toStream().to("out", key: .string, value: .string)
        joined.join(third) { joined, third in joined + third }.toStream().to("all", key: .string, value: .string)
        return try builder.build()
    }

    @Test(arguments: joins, [true, false])
    func `S-81 S-82 S-35 S-42 table joins agree with joining the tables anew`(join: JoinCase, cached: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("TableModelTests: \(join.testDescription), cached \(cached), seed \(seed)")
        var random = SeededRandom(seed: seed)
        for (versioned, stored) in [(false, false), (false, true), (true, false), (true, true)] {
            let topology = try topology(join, versioned: versioned, stored: stored)
            for _ in 0..<60 {
                let driver = try TopologyTestDriver(topology, isCachingEnabled: cached)
                var tables = [
                    "l": Rows(isVersioned: versioned), "r": Rows(isVersioned: versioned), "t": Rows(isVersioned: false),
                ]
                var joined = Told()
                var all = Told()
                for _ in 0..<Int.random(in: 1...25, using: &random) {
                    let topic = ["l", "r", "t"][Int.random(in: 0..<3, using: &random)]
                    let key = "k\(Int.random(in: 0..<3, using: &random))"
                    let value = [nil, "a", "b", "c", "x"][Int.random(in: 0..<5, using: &random)]
                    let time = Int64.random(in: 0..<50, using: &random)
                    try driver.inputTopic(topic, key: .string, value: .optional(.string))
                        .pipe(Record(key: key, value: value, timestamp: Timestamp(rawValue: time)))
                    tables[topic]?.take(key, value, time)
                    try joined.take("out", from: driver)
                    try all.take("all", from: driver)
                    let expected = expected(join, tables)
                    try #require(joined.values == expected.mapValues(\.value), "seed \(seed)")
                    if join.needsRight {
                        for (key, row) in expected { try #require(joined.times[key] == row.time, "seed \(seed)") }
                    }
                    let thirds = tables["t"]?.values ?? [:]
                    var expectedAll: [String: String] = [:]
                    for (key, row) in expected {
                        if let third = thirds[key] { expectedAll[key] = row.value + third.value }
                    }
                    try #require(all.values == expectedAll, "seed \(seed)")
                }
                try driver.close(allowingUnreadOutput: true)
            }
        }
    }

    private func expected(_ join: JoinCase, _ tables: [String: Rows]) -> [String: (value: String, time: Int64)] {
        let lefts = tables["l"]?.values ?? [:]
        let rights = (tables["r"]?.values ?? [:]).filter { $0.value.value != "x" }
        var result: [String: (value: String, time: Int64)] = [:]
        for key in Set(lefts.keys).union(rights.keys) {
            let (left, right) = (lefts[key], rights[key])
            if join.needsLeft, left == nil { continue }
            if join.needsRight, right == nil { continue }
            result[key] = (Self.text(left?.value, right?.value), max(left?.time ?? -1, right?.time ?? -1))
        }
        return result
    }

    /// Rows grouped by the first character of their values, those with x left out; counted and concatenated in order.
    private func grouped(versioned: Bool, cached: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        let history: Duration? = versioned ? .seconds(1_000) : nil
        let rows = builder.table("in", key: .string, value: .string, as: Materialized("rows", history: history))
            .groupBy { key, value in value == "x" ? nil : (String(value.prefix(1)), key) }
        rows.count(as: Materialized("counts", cached: cached)).mapValues { "\($0)" }
            .toStream().to("counts-out", key: .string, value: .string)
        rows.aggregate(
            "",
            as: Materialized("keys", cached: cached),
            adder: { _, key, keys in
                (keys.split(separator: ",").map(String.init) + [key]).sorted().joined(separator: ",")
            },
            subtractor: { _, key, keys in
                var left = keys.split(separator: ",").map(String.init)
                if let index = left.firstIndex(of: key) { left.remove(at: index) }
                return left.isEmpty ? nil : left.joined(separator: ",")
            }
        ).toStream().to("keys-out", key: .string, value: .string)
        return try builder.build()
    }

    @Test(arguments: [true, false], [true, false])
    func `S-26 S-39 S-40 S-42 G-02 grouped tables agree with grouping the rows anew`(versioned: Bool, cached: Bool)
        throws
    {
        let seed = UInt64.random(in: .min ... .max)
        print("TableModelTests: grouped, versioned \(versioned), cached \(cached), seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topology = try grouped(versioned: versioned, cached: cached)
        for _ in 0..<250 {
            let driver = try TopologyTestDriver(topology)
            var rows = Rows(isVersioned: versioned)
            var counts = Told()
            var keys = Told()
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let key = "k\(Int.random(in: 0..<4, using: &random))"
                let value = [nil, "a1", "a2", "b1", "c1", "x"][Int.random(in: 0..<6, using: &random)]
                let time = Int64.random(in: 0..<50, using: &random)
                try driver.inputTopic("in", key: .string, value: .optional(.string))
                    .pipe(Record(key: key, value: value, timestamp: Timestamp(rawValue: time)))
                rows.take(key, value, time)
                try counts.take("counts-out", from: driver)
                try keys.take("keys-out", from: driver)
                var expected: [String: [String]] = [:]
                for (key, row) in rows.values where row.value != "x" {
                    expected[String(row.value.prefix(1)), default: []].append(key)
                }
                try #require(
                    counts.values.filter { $0.value != "0" } == expected.mapValues { "\($0.count)" }, "seed \(seed)")
                try #require(
                    keys.values == expected.mapValues { $0.sorted().joined(separator: ",") }, "seed \(seed)")
            }
            try driver.close(allowingUnreadOutput: true)
        }
    }
}
