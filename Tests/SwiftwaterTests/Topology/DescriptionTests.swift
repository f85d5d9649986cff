import Swiftwater
import Testing

@Suite struct DescriptionTests {
    @Test func `TP-01 behind an arrow nodes stand in the order of what was below them when they were connected`() throws
    {
        let builder = StreamsBuilder()
        // A Java map gives these names in the order of the alphabet: nothing is known to be below b when it is put beside a.
        let stream = builder.stream("in", key: .string, value: .string, named: "s")
        stream.foreach(named: "a") { _, _ in }
        stream.filter(named: "b") { _, _ in true }.foreach(named: "c") { _, _ in }
        #expect(
            try builder.build().describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: s (topics: [in])
                      --> a, b
                    Processor: b (stores: [])
                      --> c
                      <-- s
                    Processor: a (stores: [])
                      --> none
                      <-- s
                    Processor: c (stores: [])
                      --> none
                      <-- b


                """)
    }

    @Test func `TP-01 the topics of a source stand in the order of a Java set`() throws {
        let builder = StreamsBuilder()
        _ = builder.stream(["q", "b", "a"], key: .string, value: .string)
        #expect(try builder.build().describe().contains("(topics: [q, a, b])"))
    }

    /// The topology of KAFKA-9739, which `StreamsGraphTest` of Kafka Streams builds.
    @Test func `TP-01 TP-03 S-90 what Kafka Streams prints of a topology with much in it`() throws {
        let builder = StreamsBuilder()
        func stream(_ topic: String) -> KStream<String, String> { builder.stream(topic, key: .string, value: .string) }
        func aggregated(_ stream: KStream<String, String>) -> KTable<String, String> {
            stream.groupByKey(key: .string, value: .string)
                .aggregate("", as: Materialized(key: .string, value: .string)) { _, value, all in all + value }
        }
        let retries = aggregated(
            stream("retryTopic").process { (context: ProcessorContext<String, String>) in
                { try context.forward($0) }
            }
        )
        .suppress(.untilTimeLimit(.seconds(500), .maxBytes(64_000_000)))
        .toStream()
        .flatMap { _, _ in [(String, String)]() }
        let table = aggregated(stream("id-table-topic").flatMap { _, _ in [(String, String)]() }.peek { _, _ in })
        let joined = stream("internal-topic-command").peek { _, _ in }.mapValues { $0 }.merge(retries)
            .leftJoin(table, joined: Joined(key: .string, value: .string)) { $0 + ($1 ?? "") }
        let rest = joined.split()
            .branch(nil, { _, value in value == "some-value" }) { branch in
                branch.map { ($0, $1) }.peek { _, _ in }.to("external-command", key: .string, value: .string)
            }
            .defaultBranch()
        for branch in rest.values {
            branch.filter { _, _ in true }.peek { _, _ in }.mapValues { $0 }.to(
                "dlq-topic", key: .string, value: .string)
            branch.map { ($0, $1) }.to("retryTopic", key: .string, value: .string)
        }
        #expect(
            try builder.build(optimizing: .all).describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [retryTopic])
                      --> KSTREAM-PROCESSOR-0000000001
                    Processor: KSTREAM-PROCESSOR-0000000001 (stores: [])
                      --> KSTREAM-FILTER-0000000005
                      <-- KSTREAM-SOURCE-0000000000
                    Processor: KSTREAM-FILTER-0000000005 (stores: [])
                      --> KSTREAM-SINK-0000000004
                      <-- KSTREAM-PROCESSOR-0000000001
                    Sink: KSTREAM-SINK-0000000004 (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition)
                      <-- KSTREAM-FILTER-0000000005

                  Sub-topology: 1
                    Source: KSTREAM-SOURCE-0000000006 (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition])
                      --> KSTREAM-AGGREGATE-0000000003
                    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
                      --> KTABLE-SUPPRESS-0000000007
                      <-- KSTREAM-SOURCE-0000000006
                    Source: KSTREAM-SOURCE-0000000019 (topics: [internal-topic-command])
                      --> KSTREAM-PEEK-0000000020
                    Processor: KTABLE-SUPPRESS-0000000007 (stores: [KTABLE-SUPPRESS-STATE-STORE-0000000008])
                      --> KTABLE-TOSTREAM-0000000009
                      <-- KSTREAM-AGGREGATE-0000000003
                    Processor: KSTREAM-PEEK-0000000020 (stores: [])
                      --> KSTREAM-MAPVALUES-0000000021
                      <-- KSTREAM-SOURCE-0000000019
                    Processor: KTABLE-TOSTREAM-0000000009 (stores: [])
                      --> KSTREAM-FLATMAP-0000000010
                      <-- KTABLE-SUPPRESS-0000000007
                    Processor: KSTREAM-FLATMAP-0000000010 (stores: [])
                      --> KSTREAM-MERGE-0000000022
                      <-- KTABLE-TOSTREAM-0000000009
                    Processor: KSTREAM-MAPVALUES-0000000021 (stores: [])
                      --> KSTREAM-MERGE-0000000022
                      <-- KSTREAM-PEEK-0000000020
                    Processor: KSTREAM-MERGE-0000000022 (stores: [])
                      --> KSTREAM-FILTER-0000000024
                      <-- KSTREAM-MAPVALUES-0000000021, KSTREAM-FLATMAP-0000000010
                    Processor: KSTREAM-FILTER-0000000024 (stores: [])
                      --> KSTREAM-SINK-0000000023
                      <-- KSTREAM-MERGE-0000000022
                    Sink: KSTREAM-SINK-0000000023 (topic: KSTREAM-MERGE-0000000022-repartition)
                      <-- KSTREAM-FILTER-0000000024

                  Sub-topology: 2
                    Source: KSTREAM-SOURCE-0000000011 (topics: [id-table-topic])
                      --> KSTREAM-FLATMAP-0000000012
                    Processor: KSTREAM-FLATMAP-0000000012 (stores: [])
                      --> KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-filter
                      <-- KSTREAM-SOURCE-0000000011
                    Processor: KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-filter (stores: [])
                      --> KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-sink
                      <-- KSTREAM-FLATMAP-0000000012
                    Sink: KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-sink (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition)
                      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-filter

                  Sub-topology: 3
                    Source: KSTREAM-SOURCE-0000000025 (topics: [KSTREAM-MERGE-0000000022-repartition])
                      --> KSTREAM-LEFTJOIN-0000000026
                    Processor: KSTREAM-LEFTJOIN-0000000026 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000014])
                      --> KSTREAM-BRANCH-0000000027
                      <-- KSTREAM-SOURCE-0000000025
                    Processor: KSTREAM-BRANCH-0000000027 (stores: [])
                      --> KSTREAM-BRANCH-00000000270, KSTREAM-BRANCH-00000000271
                      <-- KSTREAM-LEFTJOIN-0000000026
                    Processor: KSTREAM-BRANCH-00000000270 (stores: [])
                      --> KSTREAM-FILTER-0000000033, KSTREAM-MAP-0000000037
                      <-- KSTREAM-BRANCH-0000000027
                    Processor: KSTREAM-BRANCH-00000000271 (stores: [])
                      --> KSTREAM-MAP-0000000029
                      <-- KSTREAM-BRANCH-0000000027
                    Processor: KSTREAM-FILTER-0000000033 (stores: [])
                      --> KSTREAM-PEEK-0000000034
                      <-- KSTREAM-BRANCH-00000000270
                    Source: KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-source (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition])
                      --> KSTREAM-PEEK-0000000013
                    Processor: KSTREAM-MAP-0000000029 (stores: [])
                      --> KSTREAM-PEEK-0000000030
                      <-- KSTREAM-BRANCH-00000000271
                    Processor: KSTREAM-PEEK-0000000034 (stores: [])
                      --> KSTREAM-MAPVALUES-0000000035
                      <-- KSTREAM-FILTER-0000000033
                    Processor: KSTREAM-MAP-0000000037 (stores: [])
                      --> KSTREAM-SINK-0000000038
                      <-- KSTREAM-BRANCH-00000000270
                    Processor: KSTREAM-MAPVALUES-0000000035 (stores: [])
                      --> KSTREAM-SINK-0000000036
                      <-- KSTREAM-PEEK-0000000034
                    Processor: KSTREAM-PEEK-0000000013 (stores: [])
                      --> KSTREAM-AGGREGATE-0000000015
                      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000014-repartition-source
                    Processor: KSTREAM-PEEK-0000000030 (stores: [])
                      --> KSTREAM-SINK-0000000031
                      <-- KSTREAM-MAP-0000000029
                    Processor: KSTREAM-AGGREGATE-0000000015 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000014])
                      --> none
                      <-- KSTREAM-PEEK-0000000013
                    Sink: KSTREAM-SINK-0000000031 (topic: external-command)
                      <-- KSTREAM-PEEK-0000000030
                    Sink: KSTREAM-SINK-0000000036 (topic: dlq-topic)
                      <-- KSTREAM-MAPVALUES-0000000035
                    Sink: KSTREAM-SINK-0000000038 (topic: retryTopic)
                      <-- KSTREAM-MAP-0000000037


                """)
    }
}
