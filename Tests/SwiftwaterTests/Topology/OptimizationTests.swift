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

    @Test func `S-90 TP-03 a shared repartition without a name is called after its topic`() throws {
        let topology = try twoCounts(named: false).build(optimizing: .all)
        #expect(
            topology.describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
                      --> KSTREAM-KEY-SELECT-0000000001
                    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
                      --> KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter
                      <-- KSTREAM-SOURCE-0000000000
                    Processor: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter (stores: [])
                      --> KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-sink
                      <-- KSTREAM-KEY-SELECT-0000000001
                    Sink: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-sink (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition)
                      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter

                  Sub-topology: 1
                    Source: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition])
                      --> KSTREAM-AGGREGATE-0000000003, KSTREAM-AGGREGATE-0000000010
                    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
                      --> KTABLE-TOSTREAM-0000000007
                      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source
                    Processor: KSTREAM-AGGREGATE-0000000010 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000009])
                      --> KTABLE-TOSTREAM-0000000014
                      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source
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

    @Test func `TP-03 a repartition comes right behind the operator that changed the key, above filters`() throws {
        let builder = StreamsBuilder()
        let keyed = builder.stream("in", key: .string, value: .string, named: "in").selectKey(named: "key") { $1 }
        _ = keyed.filter(named: "some") { _, _ in true }.groupByKey(key: .string, named: "a").count(
            as: "a", named: "count-a")
        _ = keyed.mapValues(named: "other") { $0 }.groupByKey(key: .string, value: .string, named: "b")
            .count(as: "b", named: "count-b")
        #expect(
            try builder.build(optimizing: .mergeRepartitionTopics).describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: in (topics: [in])
                      --> key
                    Processor: key (stores: [])
                      --> a-repartition-filter, other
                      <-- in
                    Processor: other (stores: [])
                      --> b-repartition-filter
                      <-- key
                    Processor: a-repartition-filter (stores: [])
                      --> a-repartition-sink
                      <-- key
                    Processor: b-repartition-filter (stores: [])
                      --> b-repartition-sink
                      <-- other
                    Sink: a-repartition-sink (topic: a-repartition)
                      <-- a-repartition-filter
                    Sink: b-repartition-sink (topic: b-repartition)
                      <-- b-repartition-filter

                  Sub-topology: 1
                    Source: a-repartition-source (topics: [a-repartition])
                      --> some
                    Processor: some (stores: [])
                      --> count-a
                      <-- a-repartition-source
                    Processor: count-a (stores: [a])
                      --> none
                      <-- some

                  Sub-topology: 2
                    Source: b-repartition-source (topics: [b-repartition])
                      --> count-b
                    Processor: count-b (stores: [b])
                      --> none
                      <-- b-repartition-source


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
            topology.repartitionTopics.map(\.name) == ["first-repartition", "own-repartition", "second-repartition"])
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
