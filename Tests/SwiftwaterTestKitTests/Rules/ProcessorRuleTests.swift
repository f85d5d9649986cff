import Swiftwater
import SwiftwaterTestKit
import Synchronization
import Testing

/// The life of processors of one's own.
@Suite struct ProcessorRuleTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct Unlucky: Error {}

    @Test func `P-02 processors are made in topology order and closed once, the last one first`() throws {
        let log = Log()
        let builder = StreamsBuilder()
        builder.texts("in")
            .process { (context: ProcessorContext<String?, String?>) in
                log.add("first made")
                context.onClose { log.add("first closed") }
                return { try context.forward($0) }
            }
            .processValues { (context: FixedKeyProcessorContext<String?, String?>) in
                log.add("second made")
                context.onClose { log.add("second closed") }
                return { record in
                    log.add(record.value ?? "none")
                    try context.forward(record)
                }
            }
            .to("out", key: .optional(.string), value: .optional(.string))
        try withTopologyTestDriver(try builder.build(), allowingUnreadOutput: true) { driver in
            #expect(log.all == ["first made", "second made"])
            try driver.inputTopic("in", key: .string, value: .string).pipe("k", "a record", timestamp: 0)
        }
        #expect(log.all == ["first made", "second made", "a record", "second closed", "first closed"])
    }

    @Test func `P-02 what a processor throws while it is made says which one it is`() throws {
        let builder = StreamsBuilder()
        builder.texts("in")
            .process(named: "unlucky") { (_: ProcessorContext<String?, String?>) in throw Unlucky() }
            .to("out", key: .optional(.string), value: .optional(.string))
        let topology = try builder.build()
        let error = #expect(throws: StreamsError.self) { try TopologyTestDriver(topology) }
        #expect(error?.code == .processing)
        #expect(error?.place.node == "unlucky")
        #expect(error?.cause is Unlucky)
    }
}
