import SwiftwaterTestKit
import Testing

@testable import Swiftwater

@Suite struct ForeignKeyJoinTests {
    /// The part of a value before `|`; nil where that is empty.
    @Sendable private static func foreignKey(_ value: String) -> String? {
        value.hasPrefix("|") ? nil : String(value.prefix { $0 != "|" })
    }

    private static func topology(
        isLeft: Bool,
        joined: TableJoined<String, String> = TableJoined(named: "fk"),
        as materialized: Materialized<String, String>? = nil,
        sources: Materialized<String, String>? = nil
    ) throws -> Topology {
        let builder = StreamsBuilder()
        let lefts = builder.table("l", key: .string, value: .string, as: sources)
        let rights = builder.table("r", key: .string, value: .string)
        let results =
            isLeft
            ? lefts.leftJoin(rights, joined: joined, as: materialized, on: foreignKey) { "\($0)+\($1 ?? "null")" }
            : lefts.join(rights, joined: joined, as: materialized, on: foreignKey) { "\($0)+\($1)" }
        results.toStream().to("out", key: .string, value: .optional(.string))
        return try builder.build()
    }

    private typealias Input = (topic: String, key: String, value: String?, time: Timestamp)

    /// What each input tells.
    private static func run(_ topology: Topology, _ inputs: [Input]) throws -> ([[String]], TopologyTestDriver) {
        let driver = try TopologyTestDriver(topology)
        let out = try inputs.map { input in
            try driver.inputTopic(input.topic, key: .string, value: .optional(.string))
                .pipe(Record(key: input.key, value: input.value, timestamp: input.time))
            return try driver.outputTopic("out", key: .string, value: .optional(.string)).readRecords()
                .map { "\($0.key)=\($0.value ?? "null")@\($0.timestamp)" }
        }
        return (out, driver)
    }

    @Test func `S-70 S-83 T-07 an inner join tells results of either side's changes`() throws {
        let (out, _) = try Self.run(
            Self.topology(isLeft: false),
            [
                ("r", "f", "R1", 5), ("l", "a", "f|x", 3), ("l", "b", "f|y", 9), ("r", "f", "R2", 7),
                ("l", "a", "g|x", 10), ("r", "g", "G", 4), ("r", "f", nil, 11), ("l", "a", nil, 12),
            ]
        )
        #expect(
            out == [
                [], ["a=f|x+R1@5"], ["b=f|y+R1@9"], ["a=f|x+R2@7", "b=f|y+R2@7"],
                ["a=null@10"], ["a=g|x+G@4"], ["b=null@11"], ["a=null@12"],
            ])
    }

    @Test func `S-87 deleting a row that there is not tells nothing, one that had no match a deletion`() throws {
        let (out, _) = try Self.run(
            Self.topology(isLeft: false), [("l", "x", nil, 1), ("l", "a", "f|x", 2), ("l", "a", nil, 3)])
        #expect(out == [[], [], ["a=null@3"]])
    }

    @Test func `S-27 an inner join leaves out a change to or from a row without a foreign key`() throws {
        let (out, driver) = try Self.run(
            Self.topology(isLeft: false),
            [("r", "f", "R", 1), ("l", "a", "f|x", 2), ("l", "a", "|x", 3), ("l", "a", "f|y", 4), ("l", "b", "|z", 5)]
        )
        #expect(out == [[], ["a=f|x+R@2"], [], [], []])
        #expect(driver.droppedRecords == [.nullForeignKey: 3])
    }

    @Test func `S-27 a left join tells a row without a foreign key with nil, through the topic`() throws {
        let (out, driver) = try Self.run(Self.topology(isLeft: true), [("l", "a", "|x", 3), ("l", "a", nil, 4)])
        #expect(out == [["a=|x+null@3"], ["a=null@4"]])
        #expect(driver.droppedRecords.isEmpty)
        #expect(driver.producedCounts["test-fk-subscription-registration-topic"] == 2)
    }

    @Test func `S-84 a response to another value than the row's is dropped and counted`() throws {
        let cluster = try TaskCluster(try Self.topology(isLeft: false), partitionCount: 1, isCachingEnabled: false)
        try cluster.pipe("r", 0, "f", "R", 1)
        try cluster.pipe("l", 0, "a", "f|x", 2)
        try cluster.pipe("l", 0, "a", "f|y", 3)
        try cluster.settle()
        let told = cluster.written.map { String(decoding: $0.value ?? [], as: UTF8.self) }
        #expect(told == ["f|y+R"])
        #expect(cluster.tasks.compactMap { $0.context.dropped.byReason[.staleResponse] } == [1])
    }

    @Test func `S-85 C-08 responses go to the left row's partition, subscriptions where the other partitioner says`()
        throws
    {
        let joined = TableJoined<String, String>(
            named: "fk", otherPartitioner: StreamPartitioner { key, _, count in Int32(key.utf8.count) % count })
        let topology = try Self.topology(isLeft: false, joined: joined)
        let cluster = try TaskCluster(topology, partitionCount: 5, isCachingEnabled: true)
        try cluster.pipe("r", 3, "fff", "R", 1)
        try cluster.settle()
        for partition in 0..<Int32(5) {
            try cluster.pipe("l", partition, "k\(partition)", "fff|x", 2)
        }
        try cluster.settle()
        let registrations = cluster.carried.filter { $0.place.topic == "app-fk-subscription-registration-topic" }
        #expect(registrations.map(\.place.partition) == [3, 3, 3, 3, 3])
        #expect(
            cluster.written.map { String(decoding: $0.key ?? [], as: UTF8.self) }.sorted()
                == ["k0", "k1", "k2", "k3", "k4"])
        let responses = cluster.carried.filter { $0.place.topic == "app-fk-subscription-response-topic" }
        for response in responses {
            #expect(String(decoding: response.key ?? [], as: UTF8.self) == "k\(response.place.partition)")
        }
    }

    @Test func `C-08 the partitioner says where responses go`() throws {
        let joined = TableJoined<String, String>(named: "fk", partitioner: StreamPartitioner { _, _, _ in 1 })
        let cluster = try TaskCluster(
            try Self.topology(isLeft: false, joined: joined), partitionCount: 2, isCachingEnabled: true)
        try cluster.pipe("r", 0, "f", "R", 1)
        try cluster.pipe("r", 1, "f", "R", 1)
        try cluster.settle()
        try cluster.pipe("l", 1, "a", "f|x", 2)
        try cluster.settle()
        let responses = cluster.carried.filter { $0.place.topic == "app-fk-subscription-response-topic" }
        #expect(responses.map(\.place.partition) == [1])
        #expect(cluster.written.count == 1)
    }

    @Test func `S-35 T-07 tables of a foreign-key join are kept, the result only if it is asked for`() throws {
        #expect(
            try Self.topology(isLeft: true).stores.map(\.name).sorted() == [
                "fk-subscription-store", "l-STATE-STORE-0000000000", "r-STATE-STORE-0000000003",
            ])
        #expect(try Self.topology(isLeft: true, as: "res").stores.map(\.name).contains("res"))
    }

    @Test func `T-07 the foreign key may be made of key and value`() throws {
        let builder = StreamsBuilder()
        let lefts = builder.table("l", key: .string, value: .string)
        let rights = builder.table("r", key: .string, value: .int64)
        lefts.join(rights, on: { key, _ in String(key.prefix(1)) }) { "\($0)+\($1)" }
            .toStream().to("out", key: .string, value: .optional(.string))
        let driver = try TopologyTestDriver(try builder.build())
        try driver.inputTopic("r", key: .string, value: .int64).pipe("f", 7)
        try driver.inputTopic("l", key: .string, value: .string).pipe("f1", "x")
        #expect(try driver.outputTopic("out", key: .string, value: .string).readKeyValuesToMap() == ["f1": "x+7"])
        try driver.close()
    }

    @Test func `S-83 S-84 a row that comes again before its deletion is answered leaves no old result`() throws {
        let cluster = try TaskCluster(try Self.topology(isLeft: false), partitionCount: 1, isCachingEnabled: false)
        try cluster.pipe("r", 0, "f", "R", 1)
        try cluster.pipe("l", 0, "a", "f|x", 2)
        try cluster.pipe("l", 0, "b", "f|x", 2)
        try cluster.settle()
        // Deleted and there again, with a foreign key that has no row, and with one that has.
        try cluster.pipe("l", 0, "a", nil, 3)
        try cluster.pipe("l", 0, "a", "g|x", 4)
        try cluster.pipe("l", 0, "b", nil, 3)
        try cluster.pipe("l", 0, "b", "f|y", 4)
        try cluster.settle()
        #expect(cluster.results == ["a": nil, "b": "f|y+R"])
    }

    @Test func `S-36 S-86 a right row that came and went in a cache is in no result`() throws {
        let cluster = try TaskCluster(try Self.topology(isLeft: false), partitionCount: 1, isCachingEnabled: true)
        try cluster.pipe("l", 0, "a", "f|x", 1)
        // The subscription is answered while the cache holds a row back that nobody has been told of.
        try cluster.pipe("r", 0, "f", "R", 0)
        try cluster.run(reading: "r", commits: false)
        try cluster.run(reading: "l")
        try cluster.run(reading: "r", commits: false)
        try cluster.pipe("r", 0, "f", nil, 2)
        try cluster.settle()
        #expect(cluster.results.compactMapValues { $0 } == [:])
    }

    @Test
    func `S-83 S-84 S-85 S-86 T-07 results settle to the join of the tables, however tasks are behind or crash`()
        throws
    {
        let seed = UInt64.random(in: .min ... .max)
        print("ForeignKeyJoinTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topologies = try [false, true].flatMap { isLeft in
            try [nil, "res"].map { (isLeft, try Self.topology(isLeft: isLeft, as: $0, sources: "lt")) }
        }
        for _ in 0..<2_000 {
            let (isLeft, topology) = topologies[Int.random(in: 0..<topologies.count, using: &random)]
            let count = Int32.random(in: 1...3, using: &random)
            let cluster = try TaskCluster(topology, partitionCount: count, isCachingEnabled: .random(using: &random))
            var lefts: [String: String] = [:]
            var rights: [String: String] = [:]
            for step in 0..<Int.random(in: 1...40, using: &random) {
                let isNull = Int.random(in: 0..<5, using: &random) == 0
                let time = Timestamp(rawValue: .random(in: 0..<100, using: &random))
                if Int.random(in: 0..<3, using: &random) > 0 {
                    let number = Int32.random(in: 0..<4, using: &random)
                    // Only a left join tells rows without a foreign key (S-27).
                    let foreignKey = ["f0", "f1", "f11", isLeft ? "" : "f0"][Int.random(in: 0..<4, using: &random)]
                    let value = isNull ? nil : "\(foreignKey)|\(Int.random(in: 0..<3, using: &random))"
                    lefts["k\(number)"] = value
                    // Not where the hash of the key would have it: the partition is the row's own.
                    try cluster.pipe("l", number % count, "k\(number)", value, time)
                } else {
                    let key = ["f0", "f1", "f11"][Int.random(in: 0..<3, using: &random)]
                    let value = isNull ? nil : "R\(step)"
                    rights[key] = value
                    let partition = Array(key.utf8).withUnsafeBytes {
                        DefaultPartitioner.partition(of: $0, count: count)
                    }
                    try cluster.pipe("r", partition, key, value, time)
                }
                for _ in 0..<Int.random(in: 0...4, using: &random) { try cluster.step(&random) }
            }
            try cluster.settle()
            let results = cluster.results.compactMapValues { $0 }
            let expected = lefts.compactMapValues { left in
                let right = Self.foreignKey(left).flatMap { rights[$0] }
                return isLeft || right != nil ? "\(left)+\(right ?? "null")" : nil
            }
            try #require(results == expected, "seed \(seed), left: \(isLeft)")
        }
    }

    @Test func `S-83 S-86 T-07 the last result told of a row is the join's after every record`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("ForeignKeyJoinTests, step by step: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topologies = try [false, true].map { ($0, try Self.topology(isLeft: $0)) }
        for _ in 0..<1_000 {
            let (isLeft, topology) = topologies[Int.random(in: 0...1, using: &random)]
            let driver = try TopologyTestDriver(topology, isCachingEnabled: .random(using: &random))
            var tables: [String: [String: String]] = ["l": [:], "r": [:]]
            for step in 0..<30 {
                let topic = Bool.random(using: &random) ? "l" : "r"
                let number = Int.random(in: 0..<4, using: &random)
                let value =
                    Int.random(in: 0..<5, using: &random) == 0
                    ? nil : topic == "r" ? "R\(step)" : "f\(Int.random(in: 0..<4, using: &random))|\(step)"
                let key = (topic == "r" ? "f" : "k") + "\(number)"
                tables[topic]?[key] = value
                try driver.inputTopic(topic, key: .string, value: .optional(.string))
                    .pipe(Record(key: key, value: value, timestamp: Timestamp(rawValue: Int64(step))))
                var last: [String: String?] = [:]
                for record in try driver.outputTopic("out", key: .string, value: .optional(.string)).readRecords() {
                    last[record.key] = .some(record.value)
                }
                for (key, told) in last {
                    let left = tables["l"]?[key]
                    let right = left.flatMap(Self.foreignKey).flatMap { tables["r"]?[$0] }
                    let expected = left.flatMap { isLeft || right != nil ? "\($0)+\(right ?? "null")" : nil }
                    try #require(told == expected, "seed \(seed)")
                }
            }
        }
    }
}
