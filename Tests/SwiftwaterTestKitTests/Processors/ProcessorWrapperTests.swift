import Swiftwater
import SwiftwaterTestKit
import Synchronization
import Testing

@Suite struct ProcessorWrapperTests {
    private final class Log: Sendable {
        private let shared = Mutex<[String]>([])
        var lines: [String] { shared.withLock { $0 } }

        func add(_ line: String) { shared.withLock { $0.append(line) } }
    }

    /// Notes what comes to every node and what leaves it, and leaves out records with a key that it is told.
    private struct Noting: ProcessorWrapper {
        let log: Log
        var leavesOut: String?

        func process<Key, Value>(
            _ record: Record<Key, Value>,
            at node: String,
            of task: TaskID,
            _ process: (Record<Key, Value>) throws -> Void
        ) throws {
            if let leavesOut, record.key as? String == leavesOut { return }
            log.add("\(task) \(node) >")
            do {
                try process(record)
                log.add("\(task) \(node) <")
            } catch {
                log.add("\(task) \(node) !")
                throw error
            }
        }
    }

    private func topology() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .selectKey(named: "select") { _, value in value }
            .groupByKey(named: "g")
            .count(as: "counts", named: "count")
            .toStream(named: "changes")
            .peek(named: "look") { key, _ in if key == "bad" { throw SerdeError("bad") } }
            .to("out", key: .string, value: .int64, named: "sink")
        return try builder.build()
    }

    @Test func `P-10 a wrapper runs around every node, the library's too, in the order of processing`() throws {
        let log = Log()
        let driver = try TopologyTestDriver(
            try topology(), isCachingEnabled: false, processorWrapper: Noting(log: log))
        try driver.inputTopic("in", key: .string, value: .string).pipe("k", "v")
        #expect(
            log.lines == [
                "0_0 select >", "0_0 g-repartition-filter >", "0_0 g-repartition-sink >", "0_0 g-repartition-sink <",
                "0_0 g-repartition-filter <", "0_0 select <", "1_0 count >", "1_0 changes >", "1_0 look >",
                "1_0 sink >", "1_0 sink <", "1_0 look <", "1_0 changes <", "1_0 count <",
            ])
        #expect(try driver.outputTopic("out", key: .string, value: .int64).readValue() == 1)
    }

    @Test func `P-10 a wrapper may leave records out, and what a node throws goes through it to the handler`() throws {
        let log = Log()
        let driver = try TopologyTestDriver(
            try topology(), isCachingEnabled: false, processingHandler: .logAndContinue,
            processorWrapper: Noting(log: log, leavesOut: "secret"))
        let input = try driver.inputTopic("in", key: .string, value: .string)
        try input.pipe([("secret", "a"), ("k", "secret"), ("k", "bad"), ("k", "good")])
        #expect(try driver.outputTopic("out", key: .string, value: .int64).readKeyValuesToMap() == ["good": 1])
        #expect(driver.droppedRecords == [.processing: 1])
        #expect(log.lines.filter { $0.hasSuffix("!") } == ["1_0 look !"])
    }

    @Test func `B-08 P-10 a topology has a wrapper of its own, and the probes of a driver see its nodes still`() throws
    {
        let log = Log()
        let builder = StreamsBuilder(TopologyConfiguration(processorWrapper: Noting(log: log)))
        builder.stream("in", key: .string, value: .string).filter(named: "some") { _, value in value != "b" }
            .to("out", key: .string, value: .string, named: "sink")
        let driver = try TopologyTestDriver(try builder.build())
        let probe = try driver.probe("some", key: String.self, value: String.self)
        try driver.inputTopic("in", key: .string, value: .string).pipe([("k", "a"), ("k", "b")])
        #expect(try driver.outputTopic("out", key: .string, value: .string).readValues() == ["a"])
        #expect(probe.records.map(\.value) == ["a", "b"])
        #expect(log.lines == ["0_0 some >", "0_0 sink >", "0_0 sink <", "0_0 some <", "0_0 some >", "0_0 some <"])
    }
}
