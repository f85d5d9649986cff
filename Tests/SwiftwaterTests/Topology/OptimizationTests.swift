import Swiftwater
import Testing

@Suite struct OptimizationTests {
    private func twoCounts(named: Bool) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string).selectKey { _, value in value }
        stream.groupByKey(key: .string, named: named ? "first" : nil).count().toStream()
            .to("out-1", key: .string, value: .int64)
        stream.groupByKey(key: .string, named: named ? "second" : nil).count().toStream()
            .to("out-2", key: .string, value: .int64)
        return builder
    }

    @Test func `S-91 B-07 without being asked nothing is merged or reused`() throws {
        let topology = try twoCounts(named: true).build()
        #expect(topology.repartitionTopics.map(\.name) == ["first-repartition", "second-repartition"])
        let tables = StreamsBuilder()
        _ = tables.table("in", key: .string, value: .string, as: "tbl")
        #expect(try tables.build().stores.map(\.sourceTopic) == [nil])
        #expect(try tables.build().stores.map(\.isLogged) == [true])
    }

    @Test func `S-88 TP-03 operators that repartition one stream share the first one's topic`() throws {
        let topology = try twoCounts(named: true).build(optimizing: .mergeRepartitionTopics)
        #expect(topology.repartitionTopics.map(\.name) == ["first-repartition"])
        #expect(topology.subtopologies.count == 2)
        #expect(topology.subtopologies[1].stores.count == 2)
    }

    @Test func `S-90 TP-03 a shared repartition without a name is numbered after all else`() throws {
        let topology = try twoCounts(named: false).build(optimizing: .all)
        #expect(
            topology.describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
                      --> KSTREAM-KEY-SELECT-0000000001
                    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
                      --> KSTREAM-FILTER-0000000017
                      <-- KSTREAM-SOURCE-0000000000
                    Processor: KSTREAM-FILTER-0000000017 (stores: [])
                      --> KSTREAM-SINK-0000000016
                      <-- KSTREAM-KEY-SELECT-0000000001
                    Sink: KSTREAM-SINK-0000000016 (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition)
                      <-- KSTREAM-FILTER-0000000017

                  Sub-topology: 1
                    Source: KSTREAM-SOURCE-0000000018 (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition])
                      --> KSTREAM-AGGREGATE-0000000003, KSTREAM-AGGREGATE-0000000010
                    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
                      --> KTABLE-TOSTREAM-0000000007
                      <-- KSTREAM-SOURCE-0000000018
                    Processor: KSTREAM-AGGREGATE-0000000010 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000009])
                      --> KTABLE-TOSTREAM-0000000014
                      <-- KSTREAM-SOURCE-0000000018
                    Processor: KTABLE-TOSTREAM-0000000007 (stores: [])
                      --> KSTREAM-SINK-0000000008
                      <-- KSTREAM-AGGREGATE-0000000003
                    Processor: KTABLE-TOSTREAM-0000000014 (stores: [])
                      --> KSTREAM-SINK-0000000015
                      <-- KSTREAM-AGGREGATE-0000000010
                    Sink: KSTREAM-SINK-0000000008 (topic: out-1)
                      <-- KTABLE-TOSTREAM-0000000007
                    Sink: KSTREAM-SINK-0000000015 (topic: out-2)
                      <-- KTABLE-TOSTREAM-0000000014


                """)
    }

    @Test func `TP-03 what the user repartitions himself, and streams of different operators, are not merged`() throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string).selectKey { _, value in value }
        _ = stream.repartition(named: "own", key: .string)
        _ = stream.groupByKey(key: .string, named: "first").count()
        _ = stream.mapValues { $0 + "!" }.groupByKey(key: .string, value: .string, named: "second").count()
        let topology = try builder.build(optimizing: .all)
        #expect(
            topology.repartitionTopics.map(\.name) == ["own-repartition", "first-repartition", "second-repartition"])
    }

    @Test func `S-91 TP-02 a table that is read from a topic has it for a changelog, one made of a stream has not`()
        throws
    {
        let builder = StreamsBuilder()
        _ = builder.table("in", key: .string, value: .string, as: "read")
        _ = builder.stream("other", key: .string, value: .string).toTable(as: "made")
        let topology = try builder.build(optimizing: .reuseSourceTopics)
        let stores = Dictionary(uniqueKeysWithValues: topology.stores.map { ($0.name, $0) })
        #expect(stores["read"]?.sourceTopic == "in")
        #expect(stores["read"]?.isLogged == false)
        #expect(stores["read"]?.sourceNode == "KTABLE-SOURCE-0000000001")
        #expect(stores["made"]?.sourceTopic == nil)
        #expect(stores["made"]?.isLogged == true)
    }
}
