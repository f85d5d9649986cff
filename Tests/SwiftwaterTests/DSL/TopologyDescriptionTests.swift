import Foundation
import Swiftwater
import Testing

@Suite struct TopologyDescriptionTests {
    @Test func `TP-01 TP-05 word count is described as Kafka Streams does`() throws {
        let builder = StreamsBuilder()
        builder.stream("lines", key: .string, value: .string)
            .flatMapValues { $0.lowercased().split { !$0.isLetter }.map(String.init) }
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("words-with-counts", key: .string, value: .int64)
        let text = try builder.build().describe()
        #expect(
            text == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [lines])
                      --> KSTREAM-FLATMAPVALUES-0000000001
                    Processor: KSTREAM-FLATMAPVALUES-0000000001 (stores: [])
                      --> KSTREAM-KEY-SELECT-0000000002
                      <-- KSTREAM-SOURCE-0000000000
                    Processor: KSTREAM-KEY-SELECT-0000000002 (stores: [])
                      --> counts-repartition-filter
                      <-- KSTREAM-FLATMAPVALUES-0000000001
                    Processor: counts-repartition-filter (stores: [])
                      --> counts-repartition-sink
                      <-- KSTREAM-KEY-SELECT-0000000002
                    Sink: counts-repartition-sink (topic: counts-repartition)
                      <-- counts-repartition-filter

                  Sub-topology: 1
                    Source: counts-repartition-source (topics: [counts-repartition])
                      --> KSTREAM-AGGREGATE-0000000003
                    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [counts])
                      --> KTABLE-TOSTREAM-0000000007
                      <-- counts-repartition-source
                    Processor: KTABLE-TOSTREAM-0000000007 (stores: [])
                      --> KSTREAM-SINK-0000000008
                      <-- KSTREAM-AGGREGATE-0000000003
                    Sink: KSTREAM-SINK-0000000008 (topic: words-with-counts)
                      <-- KTABLE-TOSTREAM-0000000007


                """
        )
    }

    @Test func `TP-07 two operators of one name are refused with the name`() throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.filter(named: "same") { _, _ in true }.to("a", key: .string, value: .string)
        stream.filter(named: "same") { _, _ in true }.to("b", key: .string, value: .string)
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.node == "same")
    }

    @Test func `B-01 a topic that is read twice has one source`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).to("a", key: .string, value: .string)
        builder.stream("in", key: .string, value: .string).to("b", key: .string, value: .string)
        let text = try builder.build().describe()
        #expect(text.components(separatedBy: "Source:").count == 2)
        #expect(text.contains("--> KSTREAM-SINK-0000000001, KSTREAM-SINK-0000000003"))
    }

    @Test func `B-01 overlapping topic sets are refused`() throws {
        let builder = StreamsBuilder()
        builder.stream(["a", "b"], key: .string, value: .string).to("x", key: .string, value: .string)
        builder.stream(["b", "c"], key: .string, value: .string).to("y", key: .string, value: .string)
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.place.topic == "b")
    }
}
