import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct GlobalTableTests {
    private typealias Joining = (KStream<String?, String?>, GlobalKTable<String, String>) -> KStream<String?, String>

    /// Joins on the first word of the value; "-" names no key.
    private static func key(_ key: String?, _ value: String) -> String? {
        let word = String(value.prefix { $0 != " " })
        return word == "-" ? nil : word
    }

    private func run(_ join: Joining, _ body: (TopologyTestDriver) throws -> Void) throws {
        let builder = StreamsBuilder()
        let table = builder.globalTable("table", key: .string, value: .string, as: "kept")
        join(builder.stream("in", key: .optional(.string), value: .optional(.string)), table)
            .to("out", key: .string, value: .string)
        let driver = try TopologyTestDriver(try builder.build())
        let updates = try driver.inputTopic("table", key: .string, value: .optional(.string))
        try updates.pipe("k", "K")
        try body(driver)
        try driver.close()
    }

    private func inner(_ stream: KStream<String?, String?>, _ table: GlobalKTable<String, String>) -> KStream<
        String?, String
    > {
        stream.join(table, on: { Self.key($0, $1) }) { "\($0)/\($1)" }
    }

    private func left(_ stream: KStream<String?, String?>, _ table: GlobalKTable<String, String>) -> KStream<
        String?, String
    > {
        stream.leftJoin(table, on: { Self.key($0, $1) }) { "\($0)/\($1 ?? "none")" }
    }

    @Test func `S-22 J-03 an inner join is judged on the key made of the record`() throws {
        try run(inner) { driver in
            let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
            try input.pipe(Record(key: "x", value: "k 1", timestamp: 1))
            try input.pipe(Record(key: nil, value: "k 2", timestamp: 2))
            try input.pipe(Record(key: "x", value: "other", timestamp: 3))
            #expect(driver.droppedRecords.isEmpty)
            try input.pipe(Record(key: "x", value: "-", timestamp: 4))
            #expect(driver.droppedRecords == [.nullKey: 1])
            try input.pipe(Record(key: "x", value: nil, timestamp: 5))
            #expect(driver.droppedRecords == [.nullKey: 1, .nullValue: 1])
            let out = try driver.outputTopic("out", key: .optional(.string), value: .string).readRecords()
            #expect(
                out == [
                    Record(key: "x", value: "k 1/K", timestamp: 1),
                    Record(key: nil, value: "k 2/K", timestamp: 2),
                ])
        }
    }

    @Test func `S-23 a left join without a table key keeps only records that have no key of their own`() throws {
        try run(left) { driver in
            let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
            try input.pipe(Record(key: "x", value: "other", timestamp: 1))
            try input.pipe(Record(key: nil, value: "-", timestamp: 2))
            try input.pipe(Record(key: nil, value: "k", timestamp: 3))
            #expect(driver.droppedRecords.isEmpty)
            try input.pipe(Record(key: "x", value: "-", timestamp: 4))
            #expect(driver.droppedRecords == [.nullKey: 1])
            let out = try driver.outputTopic("out", key: .optional(.string), value: .string).readRecords()
            #expect(
                out == [
                    Record(key: "x", value: "other/none", timestamp: 1),
                    Record(key: nil, value: "-/none", timestamp: 2),
                    Record(key: nil, value: "k/K", timestamp: 3),
                ])
        }
    }

    @Test func `S-79 updates trigger nothing, and are seen whatever their time`() throws {
        try run(inner) { driver in
            let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
            let table = try driver.inputTopic("table", key: .optional(.string), value: .optional(.string))
            try table.pipe(Record(key: "later", value: "L", timestamp: 1_000))
            try input.pipe(Record(key: "x", value: "later", timestamp: 5))
            try table.pipe(Record(key: "later", value: nil, timestamp: 2))
            try input.pipe(Record(key: "x", value: "later", timestamp: 6))
            try table.pipe(Record(key: nil, value: "lost", timestamp: 3))
            #expect(driver.droppedRecords == [.nullKey: 1])
            #expect(try driver.outputTopic("out", key: .string, value: .string).readValues() == ["later/L"])
            #expect(try driver.keyValueStore("kept", key: .string, value: .string).value(of: "later") == nil)
            #expect(try driver.keyValueStore("kept", key: .string, value: .string).value(of: "k") == "K")
        }
    }

    @Test func `B-03 a topic cannot be a global table and a stream`() throws {
        for isTableFirst in [true, false] {
            let builder = StreamsBuilder()
            if isTableFirst { _ = builder.globalTable("t", key: .string, value: .string) }
            builder.stream("t", key: .string, value: .string).to("out", key: .string, value: .string)
            if !isTableFirst { _ = builder.globalTable("t", key: .string, value: .string) }
            let error = #expect(throws: StreamsError.self) { try builder.build() }
            #expect(error?.code == .invalidTopology)
            #expect(error?.place.topic == "t")
        }
    }

    @Test func `B-03 a global table is a part of its own, numbered with the others`() throws {
        let builder = StreamsBuilder()
        let table = builder.globalTable("g", key: .string, value: .string, named: "all")
        builder.stream("s", key: .string, value: .string)
            .join(table, named: "lookup", on: { key, _ in key }) { value, entry in value + entry }
            .to("out", key: .string, value: .string)
        #expect(table.queryableStoreName == "g-STATE-STORE-0000000000")
        let topology = try builder.build()
        #expect(topology.subtopologies.map(\.id) == [1])
        #expect(topology.globalParts.map(\.id) == [0])
        #expect(topology.globalStores.map(\.isLogged) == [false])
        #expect(
            topology.describe() == """
                Topologies:
                   Sub-topology: 0 for global store (will not generate tasks)
                    Source: all-source (topics: [g])
                      --> all
                    Processor: all (stores: [g-STATE-STORE-0000000000])
                      --> none
                      <-- all-source
                  Sub-topology: 1
                    Source: KSTREAM-SOURCE-0000000003 (topics: [s])
                      --> lookup
                    Processor: lookup (stores: [])
                      --> KSTREAM-SINK-0000000005
                      <-- KSTREAM-SOURCE-0000000003
                    Sink: KSTREAM-SINK-0000000005 (topic: out)
                      <-- lookup


                """)
    }
}
