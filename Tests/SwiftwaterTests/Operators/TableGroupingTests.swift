import SwiftwaterTestKit
import Testing

@testable import Swiftwater

/// Tables grouped anew, over several tasks that are behind each other and crash, against grouping all rows at once.
@Suite struct TableGroupingTests {
    private static func adding(_ key: String, to keys: String) -> String {
        (keys.split(separator: ",").map(String.init) + [key]).sorted().joined(separator: ",")
    }

    private static func removing(_ key: String, from keys: String) -> String? {
        var left = keys.split(separator: ",").map(String.init)
        if let index = left.firstIndex(of: key) { left.remove(at: index) }
        return left.isEmpty ? nil : left.joined(separator: ",")
    }

    /// Rows grouped by what is before `|` of their values: their keys, counted and listed.
    private static func topology(isVersioned: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        let history: Duration? = isVersioned ? .seconds(1_000) : nil
        let rows = builder.table("in", key: .string, value: .string, as: Materialized("rows", history: history))
            .groupBy(key: .string, value: .string) { key, value in
                value.hasPrefix("|") ? nil : (String(value.prefix { $0 != "|" }), key)
            }
        rows.aggregate(
            "",
            as: Materialized("keys"),
            adder: { _, key, keys in Self.adding(key, to: keys) },
            subtractor: { _, key, keys in Self.removing(key, from: keys) }
        ).toStream().to("out", key: .string, value: .string)
        rows.reduce(
            as: "reduced", adder: { Self.adding($1, to: $0) }, subtractor: { Self.removing($1, from: $0) }
        ).toStream().map { key, keys in ("\(key)+", keys) }.to("out", key: .string, value: .optional(.string))
        rows.count(as: "counts").toStream().map { key, count in ("\(key)#", count.map { "\($0)" }) }
            .to("out", key: .string, value: .optional(.string))
        return try builder.build()
    }

    @Test(arguments: [false, true])
    func `S-39 S-40 S-42 G-02 groups settle to those of the rows, however tasks are behind or crash`(isVersioned: Bool)
        throws
    {
        let seed = UInt64.random(in: .min ... .max)
        print("TableGroupingTests, versioned \(isVersioned): seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topology = try Self.topology(isVersioned: isVersioned)
        for _ in 0..<1_000 {
            let count = Int32.random(in: 1...3, using: &random)
            let cluster = try TaskCluster(topology, partitionCount: count, isCachingEnabled: .random(using: &random))
            var rows: [String: (value: String?, time: Timestamp)] = [:]
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let number = Int32.random(in: 0..<5, using: &random)
                let value = [nil, "a|1", "a|2", "b|", "c|", "|x"][Int.random(in: 0..<6, using: &random)]
                let time = Timestamp(rawValue: .random(in: 0..<100, using: &random))
                // A versioned table follows the times of its updates, others their order.
                let isOld = rows["k\(number)"].map { time < $0.time } ?? false
                if !isVersioned || !isOld { rows["k\(number)"] = (value, time) }
                try cluster.pipe("in", number % count, "k\(number)", value, time)
                for _ in 0..<Int.random(in: 0...3, using: &random) { try cluster.step(&random) }
            }
            try cluster.settle()
            var expected: [String: String] = [:]
            var groups: [String: [String]] = [:]
            for (key, row) in rows {
                guard let value = row.value, !value.hasPrefix("|") else { continue }
                groups[String(value.prefix { $0 != "|" }), default: []].append(key)
            }
            for (group, keys) in groups {
                let list = keys.sorted().joined(separator: ",")
                expected.merge([group: list, "\(group)+": list, "\(group)#": "\(keys.count)"]) { $1 }
            }
            let results = cluster.results.compactMapValues { $0 }.filter { $0.value != "0" }
            try #require(results == expected, "seed \(seed)")
        }
    }
}
