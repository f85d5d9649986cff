import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct GroupingTests {
    private func repartitions(_ chain: (KStream<String, String>) -> Void) throws -> [String] {
        let builder = StreamsBuilder()
        chain(builder.stream("in", key: .string, value: .string))
        return try builder.build().repartitionTopics.map(\.name)
    }

    @Test func `K-07 C-05 grouping by a new key goes through a topic, by the same key only where it may have changed`()
        throws
    {
        #expect(try repartitions { _ = $0.groupByKey().count(as: "c") } == [])
        #expect(try repartitions { _ = $0.groupBy { key, _ in key }.count(as: "c") } == ["c-repartition"])
        #expect(try repartitions { _ = $0.groupBy(named: "g") { key, _ in key }.count(as: "c") } == ["g-repartition"])
        #expect(
            try repartitions { _ = $0.selectKey { key, _ in key }.groupByKey(named: "g").count(as: "c") } == [
                "g-repartition"
            ])
        // A name does not make a topic that is not needed.
        #expect(try repartitions { _ = $0.groupByKey(named: "g").count(as: "c") } == [])
    }

    @Test func `K-07 a record for which the selector gives nothing is left out before the topic`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").groupBy(key: .string, named: "g") { _, value in value == "none" ? nil : value }
            .count(as: "c")
            .toStream()
            .to("out", key: .string, value: .int64)
        let run = try RuleRun(builder, [("in", "k", "a", 1), ("in", "k", "none", 2), ("in", nil, "a", 3)])
        #expect(run["out"] == ["a=1@1", "a=2@3"])
        #expect(run["test-g-repartition"] == ["a=a@1", "a=a@3"])
    }

    @Test func `C-05 serdes of a grouping write its topic`() throws {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string)
            .groupBy(key: .int64, value: .lossyString, named: "g") { _, value in Int64(value.count) }
            .count(as: "c")
        let driver = try TopologyTestDriver(try builder.build())
        try driver.inputTopic("in", key: .string, value: .string).pipe("k", "four")
        let topic = try driver.outputTopic("test-g-repartition", key: .int64, value: .string)
        #expect(try topic.readKeyValue() == (4, "four"))
    }

    @Test func `K-12 C-09 a repartition has its name, its count and its serdes, and keys do not go through another`()
        throws
    {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .selectKey { _, value in Int64(value.count) }
            .repartition(named: "by-length", key: .int64, value: .string, partitions: 7)
            .groupByKey()
            .count(as: "c")
            .toStream()
            .to("out", key: .int64, value: .int64)
        let topology = try builder.build()
        #expect(topology.repartitionTopics.map(\.name) == ["by-length-repartition"])
        #expect(topology.repartitionTopics.map(\.partitionCount) == [7])
        try withTopologyTestDriver(topology) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe("k", "four")
            let topic = try driver.outputTopic("test-by-length-repartition", key: .int64, value: .string)
            #expect(try topic.readKeyValue() == (4, "four"))
            #expect(try driver.outputTopic("out", key: .int64, value: .int64).readKeyValue() == (4, 1))
        }
    }

    @Test(arguments: [0, -1, 1_000_001])
    func `K-12 C-09 a count that no topic can have is refused by the operator's name`(partitions: Int) {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string).repartition(named: "r", partitions: partitions)
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.node == "r")
    }

    @Test func `K-14 a stream is read as a table, through a topic where its keys may have changed`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").toTable(as: Materialized("t", key: .string, value: .string)).toStream()
            .to("out", key: .string, value: .string)
        let run = try RuleRun(
            builder, [("in", "k", "v", 1), ("in", nil, "no key", 2), ("in", "k", nil, 3), ("in", "l", "w", 4)])
        #expect(run["out"] == ["k=v@1", "k=null@3", "l=w@4"])
        #expect(run.dropped == [.nullKey: 1])
        #expect(
            try repartitions { _ = $0.selectKey { key, _ in key }.toTable(as: Materialized("t", key: .string)) }.count
                == 1)
        #expect(try repartitions { _ = $0.toTable(as: "t") } == [])
    }

    @Test func `S-88 T-04 a table becomes a stream, and new keys go through a topic before they are counted`() throws {
        let builder = StreamsBuilder()
        let table = builder.table("in", key: .string, value: .string, as: "t")
        table.toStream().to("same", key: .string, value: .string)
        let renamed = table.toStream { key, value in "\(key)/\(value ?? "gone")" }
        renamed.to("renamed", key: .string, value: .string)
        _ = renamed.groupByKey(key: .string, value: .optional(.string), named: "g").count(as: "c")
        #expect(try builder.build().repartitionTopics.map(\.name) == ["g-repartition"])
        let run = try RuleRun(builder, [("in", "k", "v", 1), ("in", "k", nil, 2)])
        #expect(run["same"] == ["k=v@1", "k=null@2"])
        #expect(run["renamed"] == ["k/v=v@1", "k/gone=null@2"])
    }
}
