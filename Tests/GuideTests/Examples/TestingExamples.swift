import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TestingExamples {
    private func wordCount() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("lines", key: .optional(.string), value: .string)
            .flatMapValues { $0.split(separator: " ").map(String.init) }
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("words-with-counts", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `the driver`() throws {
        let topology = try wordCount()
        try withTopologyTestDriver(topology) { driver in
            let lines = try driver.inputTopic("lines", key: .optional(.string), value: .string)
            let counts = try driver.outputTopic("words-with-counts", key: .string, value: .int64)

            try lines.pipe(value: "to be or not to be", timestamp: 1_000)

            #expect(try counts.readKeyValuesToMap() == ["to": 2, "be": 2, "or": 1, "not": 1])
            let store = try driver.keyValueStore("counts", key: .string, value: .int64)
            #expect(try store.value(of: "to") == 2)
        }
    }

    @Test func `records that fail`() throws {
        let topology = try wordCount()
        try withTopologyTestDriver(
            topology, deserializationHandler: .logAndContinue, deadLetterTopic: "broken-lines"
        ) { driver in
            let lines = try driver.inputTopic("lines", key: .optional(.string), value: .string)
            let broken = try driver.outputTopic("broken-lines", key: .optional(.string), value: .bytes)

            try lines.pipeBytes(key: nil, value: [0xff])

            #expect(try broken.readValue() == [0xff])
            #expect(driver.droppedRecords == [.deserialization: 1])
        }
    }

    @Test func `a golden file`() throws {
        let topology = try wordCount()
        try withTopologyTestDriver(topology) { driver in
            try GoldenFile("Words.jsonl").check(driver) {
                $0.topic("lines", key: .optional(.string), value: .string)
                $0.topic("words-with-counts", key: .string, value: .int64)
            }
        }
    }

    @Test func `unread output`() throws {
        let topology = try wordCount()
        #expect(throws: StreamsError.self) {
            try withTopologyTestDriver(topology) { driver in
                try driver.inputTopic("lines", key: .optional(.string), value: .string).pipe(value: "to")
            }
        }
    }

    @Test func `the clock`() throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.process { (context: ProcessorContext<String, String>) in
            try context.schedule(every: .seconds(10), .wallClockTime) { now in
                try context.forward(Record(key: "tick", value: "", timestamp: now))
            }
            return { _ in }
        }
        .to("out", key: .string, value: .string)
        let topology = try builder.build()
        try withTopologyTestDriver(topology) { driver in
            try driver.advanceWallClock(by: .seconds(10))
            let out = try driver.outputTopic("out", key: .string, value: .string)
            #expect(try out.readKeyValue().key == "tick")
        }
    }

    @Test func `a join is drawn`() throws {
        let builder = StreamsBuilder()
        let clicks = builder.stream("clicks", key: .string, value: .string)
        let buys = builder.stream("buys", key: .string, value: .string)
        clicks.join(buys, .within(.seconds(2), grace: .seconds(10))) { "\($0)+\($1)" }
            .to("pairs", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            let tick = Duration.seconds(1)
            try driver.pipe(
                MarbleDiagram(
                    """
                    clicks/anna: a---b-----
                    buys/anna:   --x-----y-

                    clicks/anna: -c
                    """, tick: tick))
            let expected = try MarbleDiagram(
                """
                pairs/anna: --(a+x)

                pairs/anna: ----(b+x)

                pairs/anna: --(c+x)
                """, tick: tick)
            #expect(try driver.readMarbles(of: "pairs") == expected.marbles)
        }
    }

    @Test func `a probe`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).mapValues(named: "length") { $0.count }
            .filter(named: "long") { _, length in length > 5 }
            .to("out", key: .string, value: .int)
        try withTopologyTestDriver(try builder.build()) { driver in
            let long = try driver.probe("long", key: String.self, value: Int.self)
            try driver.inputTopic("in", key: .string, value: .string).pipe("k", "abc", timestamp: 7)
            #expect(long.records == [Record(key: "k", value: 3, timestamp: 7)])
        }
    }

    @Test func `a processor alone`() throws {
        func counting(
            _ context: ProcessorContext<String, Int64>
        ) throws -> (Record<String, String>) throws -> Void {
            let counts = try context.store(.keyValue("counts", key: .string, value: .int64))
            try context.schedule(every: .seconds(60), .wallClockTime) { _ in context.requestCommit() }
            return { record in
                let count = (try counts.value(of: record.key) ?? 0) + 1
                try counts.set(count, of: record.key)
                try context.forward(record.with(value: count))
            }
        }
        let mock = MockProcessorContext<String, Int64>()
        let counts = try mock.addStateStore(.keyValue("counts", key: .string, value: .int64))
        let process = try counting(mock.context)

        try mock.process(Record(key: "a", value: "x", timestamp: 5), by: process)

        #expect(mock.forwarded.map(\.record) == [Record(key: "a", value: 1, timestamp: 5)])
        #expect(try counts.value(of: "a") == 1)
        try mock.punctuations(.wallClockTime).first?.punctuate(at: 60_000)
        #expect(mock.isCommitRequested)
    }

    @Test func `describe stands whole`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).filter { _, value in !value.isEmpty }
            .to("out", key: .string, value: .string)
        #expect(
            try builder.build().describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
                      --> KSTREAM-FILTER-0000000001
                    Processor: KSTREAM-FILTER-0000000001 (stores: [])
                      --> KSTREAM-SINK-0000000002
                      <-- KSTREAM-SOURCE-0000000000
                    Sink: KSTREAM-SINK-0000000002 (topic: out)
                      <-- KSTREAM-FILTER-0000000001


                """)
    }
}
