import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct ProcessorContextTests {
    @Test func `P-06 a processor is told its application, task, record and clocks, and no record in a punctuation`()
        throws
    {
        let builder = StreamsBuilder()
        builder.texts("in")
            .process { (context: ProcessorContext<String, String>) in
                func tell(_ what: String, at time: Timestamp) throws {
                    let place = context.recordMetadata.map { "\($0.topic)-\($0.partition)@\($0.offset)" } ?? "none"
                    let clocks = "\(context.currentStreamTime) \(context.currentSystemTime)"
                    try context.forward(
                        Record(
                            key: what, value: "\(context.applicationID) \(context.taskID) \(place) \(clocks)",
                            timestamp: time))
                }
                try context.schedule(every: .milliseconds(10), .wallClockTime) { try tell("wall", at: $0) }
                try context.schedule(every: .milliseconds(10), .streamTime) { try tell("stream", at: $0) }
                return { record in try tell("record", at: record.timestamp) }
            }
            .to("out", key: .string, value: .string)
        let driver = try TopologyTestDriver(try builder.build(), applicationID: "app", initialWallClock: 100)
        let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
        try input.pipe(value: nil, timestamp: 7)
        try input.pipe(value: nil, timestamp: 3)
        try driver.advanceWallClock(by: .milliseconds(15))
        let told = try driver.outputTopic("out", key: .string, value: .string).readRecords()
        #expect(
            told.map { "\($0.key): \($0.value)@\($0.timestamp)" } == [
                "record: app 0_0 in-0@0 7 100@7", "stream: app 0_0 none 7 100@7", "record: app 0_0 in-0@1 7 100@3",
                "wall: app 0_0 none 7 115@115",
            ])
    }

    @Test func `P-05 a record may be forwarded to one node by its name, and an unknown name is an error`() throws {
        func run(_ child: String) throws -> RuleRun {
            let builder = StreamsBuilder()
            let routed = builder.texts("in").process(named: "route") {
                (context: ProcessorContext<String?, String?>) in
                { record in try context.forward(record, to: child) }
            }
            routed.filter(named: "left") { _, _ in true }.to("left-out", key: .string, value: .string)
            routed.filter(named: "right") { _, _ in true }.to("right-out", key: .string, value: .string)
            return try RuleRun(builder, [("in", "k", "v", 1)])
        }
        let right = try run("right")
        #expect(right["left-out"].isEmpty && right["right-out"] == ["k=v@1"])
        let error = #expect(throws: StreamsError.self) { try run("middle") }
        #expect(error?.message.contains("middle") == true)
        #expect(error?.message.contains("left, right") == true)
    }

    @Test func `P-04 a record is a value: it is changed by copies, and its time may not be before the epoch`() throws {
        let record = Record(key: "k", value: "v", timestamp: 5, headers: ["h": "1"])
        var later = record.with(key: 7).with(value: 8.5)
        later.timestamp = 6
        later.headers.append("h", "2")
        #expect(later == Record(key: 7, value: 8.5, timestamp: 6, headers: ["h": "1", "h": "2"]))
        #expect(record == Record(key: "k", value: "v", timestamp: 5, headers: ["h": "1"]))
        let mock = MockProcessorContext<String, String>()
        var early = record
        early.timestamp = -1
        let error = #expect(throws: StreamsError.self) { try mock.context.forward(early) }
        #expect(error?.code == .invalidTimestamp)
    }

    @Test func `P-08 headers can be read and changed, go out with the record, and serdes see them`() throws {
        /// Reads and writes a text behind the version that a header tells.
        let versioned = Serde<String>(
            serializeInContext: { text, bytes, context in
                context.headers.append("version", "2")
                bytes.append(utf8: "2:" + text)
            },
            deserializeInContext: { bytes, context in
                let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                let version = context.headers.last(named: "version")?.value.map { String(decoding: $0, as: UTF8.self) }
                return "\(version ?? "none")/\(text)"
            }
        )
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: versioned)
            .process { (context: ProcessorContext<String, String>) in
                { record in
                    var next = record
                    next.headers.removeAll(named: "version")
                    next.headers.append("trace", "t")
                    try context.forward(next)
                }
            }
            .to("out", key: .string, value: versioned)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .string)
                .pipe("k", "text", timestamp: 0, headers: ["version": "1", "other": "o"])
            let out = try driver.outputTopic("out", key: .string, value: .string).readRecord()
            #expect(out.value == "2:1/text")
            #expect(out.headers == ["other": "o", "trace": "t", "version": "2"])
        }
    }

    @Test func `P-09 processors that share a store are one part of the topology, and see each other's values`() throws {
        let builder = StreamsBuilder()
        let last = builder.addStateStore(.keyValue("last", key: .string, value: .string))
        builder.stream("writes", key: .string, value: .string)
            .process(stores: [last]) { (context: ProcessorContext<String, String>) in
                let last = try context.store(last)
                return { record in try last.set(record.value, of: record.key) }
            }
        builder.stream("reads", key: .string, value: .string)
            .processValues(stores: [last]) { (context: FixedKeyProcessorContext<String, String>) in
                let last = try context.store(last)
                return { record in try context.forward(record.with(value: last.value(of: record.key) ?? "nothing")) }
            }
            .to("out", key: .string, value: .string)
        #expect(try builder.build().subtopologies.count == 1)
        let run = try RuleRun(
            builder, [("reads", "k", "?", 1), ("writes", "k", "v", 2), ("reads", "k", "?", 3), ("reads", "x", "?", 4)])
        #expect(run["out"] == ["k=nothing@1", "k=v@3", "x=nothing@4"])
    }

    @Test func `P-09 a store that a processor is not connected to is refused by name`() throws {
        let builder = StreamsBuilder()
        let store = builder.addStateStore(.keyValue("private", key: .string, value: .string))
        builder.texts("in").process(named: "curious") { (context: ProcessorContext<String, String>) in
            _ = try context.store(store)
            return { _ in }
        }
        let error = #expect(throws: StreamsError.self) { try RuleRun(builder, []) }
        #expect(error?.code == .invalidStateStore)
        #expect(error?.place.store == "private")
        #expect(error?.place.node == "curious")
    }

    @Test func `P-01 P-14 processors, sources and sinks are chained, with operators between them`() throws {
        let builder = StreamsBuilder()
        let seen = builder.addStateStore(.keyValue("seen", key: .string, value: .string))
        builder.stream(["a", "b"], key: .string, value: .string, named: "source")
            .process(stores: [seen], named: "distinct") { (context: ProcessorContext<String, String>) in
                let seen = try context.store(seen)
                return { record in
                    if try seen.setIfAbsent(record.value, of: record.key) == nil { try context.forward(record) }
                }
            }
            .mapValues(named: "upper") { $0.uppercased() }
            .process(named: "twice") { (context: ProcessorContext<String, String>) in
                { record in
                    try context.forward(record)
                    try context.forward(record)
                }
            }
            .to("out", key: .string, value: .string, named: "sink")
        #expect(
            try builder.build().describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: source (topics: [a, b])
                      --> distinct
                    Processor: distinct (stores: [seen])
                      --> upper
                      <-- source
                    Processor: upper (stores: [])
                      --> twice
                      <-- distinct
                    Processor: twice (stores: [])
                      --> sink
                      <-- upper
                    Sink: sink (topic: out)
                      <-- twice


                """)
        let run = try RuleRun(builder, [("a", "k", "v", 1), ("b", "k", "w", 2), ("b", "l", "x", 3)])
        #expect(run["out"] == ["k=V@1", "k=V@1", "l=X@3", "l=X@3"])
        #expect(run["test-seen-changelog"] == ["k=v@1", "l=x@3"])
    }
}
