import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TestProbeTests {
    private func counting() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .mapValues(named: "length") { $0.count }
            .filter(named: "long") { _, length in length > 1 }
            .groupByKey(value: .int)
            .count(as: "counts", named: "count")
            .toStream(named: "changes")
            .to("out", key: .string, value: .int64, named: "sink")
        return try builder.build()
    }

    @Test func `TT-01 a probe keeps what reaches a node, whatever becomes of it there`() throws {
        try withTopologyTestDriver(try counting(), allowingUnreadOutput: true) { driver in
            let before = try driver.probe("long", key: String.self, value: Int.self)
            let behind = try driver.probe("count", key: String.self, value: Int.self)
            let table = try driver.probe("changes", key: String.self, value: Int64?.self)
            let sink: TestProbe<String, Int64?> = try driver.probe("sink")
            let input = try driver.inputTopic("in", key: .string, value: .string)
            try input.pipe("k", "a", timestamp: 1)
            try input.pipe(Record(key: "k", value: "abc", timestamp: 2, headers: ["h": "1"]))
            #expect(before.records.map(\.value) == [1, 3])
            #expect(before.records.map(\.timestamp) == [1, 2])
            #expect(behind.readRecords() == [Record(key: "k", value: 3, timestamp: 2, headers: ["h": "1"])])
            #expect(behind.records.isEmpty)
            #expect(table.records.map(\.value) == [1])
            #expect(sink.records.map(\.value) == [1])
        }
    }

    @Test func `TT-01 a probe of no node, of a source, or of other types is refused`() throws {
        let driver = try TopologyTestDriver(try counting())
        for node in ["none", "KSTREAM-SOURCE-0000000000"] {
            let error = #expect(throws: StreamsError.self) {
                try driver.probe(node, key: String.self, value: String.self)
            }
            #expect(error?.code == .invalidTopology)
            #expect(error?.message.contains("long") == true)
        }
        _ = try driver.probe("long", key: String.self, value: String.self)
        let error = #expect(throws: StreamsError.self) {
            try driver.inputTopic("in", key: .string, value: .string).pipe("k", "v")
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.place.node == "long")
    }
}
