import SwiftwaterTestKit
import Testing

@testable import Swiftwater

/// Tables grouped anew, over several tasks that are behind each other and crash, against grouping all rows at once.
@Suite struct TableGroupingTests {
    /// Rows grouped by what is before `|` of their values: their keys, counted and listed.
    private static func topology() throws -> Topology {
        let builder = StreamsBuilder()
        let rows = builder.table("in", key: .string, value: .string)
            .groupBy(key: .string, value: .string) { key, value in
                value.hasPrefix("|") ? nil : (String(value.prefix { $0 != "|" }), key)
            }
        rows.aggregate(
            "",
            as: Materialized("keys"),
            adder: { _, key, keys in
                (keys.split(separator: ",").map(String.init) + [key]).sorted().joined(separator: ",")
            },
            subtractor: { _, key, keys in
                var left = keys.split(separator: ",").map(String.init)
                if let index = left.firstIndex(of: key) { left.remove(at: index) }
                return left.isEmpty ? nil : left.joined(separator: ",")
            }
        ).toStream().to("out", key: .string, value: .string)
        rows.count(as: "counts").toStream().map { key, count in ("\(key)#", count.map { "\($0)" }) }
            .to("out", key: .string, value: .optional(.string))
        return try builder.build()
    }

    @Test func `S-39 S-40 G-02 groups settle to those of the rows, however tasks are behind or crash`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("TableGroupingTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topology = try Self.topology()
        for _ in 0..<1_000 {
            let count = Int32.random(in: 1...3, using: &random)
            let cluster = try TaskCluster(topology, partitionCount: count, isCachingEnabled: .random(using: &random))
            var rows: [String: String] = [:]
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let number = Int32.random(in: 0..<5, using: &random)
                let value = [nil, "a|1", "a|2", "b|", "c|", "|x"][Int.random(in: 0..<6, using: &random)]
                rows["k\(number)"] = value
                let time = Timestamp(rawValue: .random(in: 0..<100, using: &random))
                try cluster.pipe("in", number % count, "k\(number)", value, time)
                for _ in 0..<Int.random(in: 0...3, using: &random) { try cluster.step(&random) }
            }
            try cluster.settle()
            var expected: [String: [String]] = [:]
            for (key, value) in rows where !value.hasPrefix("|") {
                expected[String(value.prefix { $0 != "|" }), default: []].append(key)
            }
            let results = cluster.results.compactMapValues { $0 }
            try #require(
                results.filter { !$0.key.hasSuffix("#") }
                    == expected.mapValues { $0.sorted().joined(separator: ",") }, "seed \(seed)")
            try #require(
                results.filter { $0.key.hasSuffix("#") && $0.value != "0" }
                    == Dictionary(uniqueKeysWithValues: expected.map { ("\($0)#", "\($1.count)") }), "seed \(seed)")
        }
    }
}
