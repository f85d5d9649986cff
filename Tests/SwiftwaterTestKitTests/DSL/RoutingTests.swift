import Swiftwater
import SwiftwaterTestKit
import Synchronization
import Testing

@Suite struct RoutingTests {
    @Test func `K-11 P-12 each record goes to the topic that is named for it`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .optional(.string))
            .to(key: .string, value: .string, named: "router") { record, metadata in
                record.value == nil ? "gone-\(metadata?.offset ?? -1)" : "to-\(record.key)"
            }
        let topology = try builder.build()
        #expect(
            topology.describe().contains(
                "    Sink: router (extractor class: function)\n      <-- KSTREAM-SOURCE-0000000000\n"))
        try withTopologyTestDriver(topology) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .optional(.string))
            try input.pipe("a", "1")
            try input.pipe("b", "2")
            try input.pipe("a", nil)
            try input.pipe("a", "3")
            #expect(try driver.outputTopic("to-a", key: .string, value: .string).readValues() == ["1", "3"])
            #expect(try driver.outputTopic("to-b", key: .string, value: .string).readValues() == ["2"])
            #expect(try driver.outputTopic("gone-2", key: .string, value: .optional(.string)).readValues() == [nil])
        }
    }

    @Test func `K-08 C-10 print shows label, key and value`() throws {
        let lines = Mutex<[String]>([])
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .optional(.int))
        stream.print(label: "seen", to: { line in lines.withLock { $0.append(line) } })
        stream.print(to: { line in lines.withLock { $0.append(line) } }) { key, value in "\(key) is \(value ?? 0)" }
        try withTopologyTestDriver(builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .optional(.int))
            try input.pipe("k", 7)
            try input.pipe("k", nil)
        }
        #expect(
            lines.withLock { $0 } == [
                "[seen]: k, 7", "[KSTREAM-SOURCE-0000000000]: k is 7",
                "[seen]: k, null", "[KSTREAM-SOURCE-0000000000]: k is 0",
            ])
    }
}
