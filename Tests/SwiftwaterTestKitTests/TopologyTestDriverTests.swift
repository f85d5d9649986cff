import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TopologyTestDriverTests {
    /// Counts words through a repartition topic.
    private func wordCount() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("lines", key: .string, value: .string)
            .flatMapValues { $0.split(separator: " ").map(String.init) }
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("out", key: .string, value: .int64)
        return try builder.build()
    }

    private func passing(_ input: String = "in", _ output: String = "out") throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(input, key: .optional(.string), value: .optional(.string))
            .to(output, key: .optional(.string), value: .optional(.string))
        return try builder.build()
    }

    @Test func `S-110 TT-01 a repartition topic is fed back and every record committed before the next`() throws {
        try withTopologyTestDriver(try wordCount(), applicationID: "app") { driver in
            let lines = try driver.inputTopic("lines", key: .string, value: .string)
            let counts = try driver.outputTopic("out", key: .string, value: .int64)
            try lines.pipe("1", "a b a", timestamp: 5)
            let first = try counts.readKeyValues()
            #expect(first.map(\.key) == ["a", "b", "a"])
            #expect(first.map(\.value) == [1, 1, 2])
            try lines.pipe("2", "b", timestamp: 3)
            let record = try counts.readRecord()
            #expect(record == Record(key: "b", value: 2, timestamp: 5))
            #expect(
                driver.producedTopicNames == ["out", "app-counts-repartition", "app-counts-changelog"]
            )
            let repartitioned = try driver.outputTopic("app-counts-repartition", key: .string, value: .string)
            #expect(try repartitioned.readValues() == ["a", "b", "a", "b"])
        }
    }

    @Test func `TT-01 ST-01 a store is read by key, in order, in reverse and by range`() throws {
        try withTopologyTestDriver(try wordCount(), allowingUnreadOutput: true) { driver in
            let lines = try driver.inputTopic("lines", key: .string, value: .string)
            try lines.pipe("1", "c a b a", timestamp: 9)
            let counts = try driver.keyValueStore("counts", key: .string, value: .int64)
            #expect(try counts.value(of: "a") == 2)
            #expect(try counts.entry(of: "b")?.timestamp == 9)
            #expect(try counts.value(of: "z") == nil)
            #expect(try counts.all().map(\.key) == ["a", "b", "c"])
            #expect(try counts.all(reverse: true).map(\.key) == ["c", "b", "a"])
            #expect(try counts.range(from: "b").map(\.key) == ["b", "c"])
            #expect(try counts.range(from: "a", to: "b").map(\.value) == [2, 1])
            #expect(try counts.approximateCount() == 3)
        }
    }

    @Test func `TT-01 output that nobody read fails the test`() throws {
        let driver = try TopologyTestDriver(try passing())
        let input = try driver.inputTopic("in", key: .string, value: .string)
        try input.pipe("k", "v")
        let error = #expect(throws: StreamsError.self) { try driver.close() }
        #expect(error?.code == .invalidState)
        #expect(error?.message.contains("out (1)") == true)
        #expect(throws: StreamsError.self) { try input.pipe("k", "v") }

        let lenient = try TopologyTestDriver(try passing())
        try lenient.inputTopic("in", key: .string, value: .string).pipe("k", "v")
        try lenient.close(allowingUnreadOutput: true)
    }

    @Test func `TT-01 names that the topology does not have are refused`() throws {
        let driver = try TopologyTestDriver(try passing())
        let input = #expect(throws: StreamsError.self) { try driver.inputTopic("out", key: .string, value: .string) }
        #expect(input?.code == .missingTopic)
        #expect(input?.place.topic == "out")
        let output = #expect(throws: StreamsError.self) { try driver.outputTopic("in", key: .string, value: .string) }
        #expect(output?.code == .missingTopic)
        let store = #expect(throws: StreamsError.self) { try driver.keyValueStore("s", key: .string, value: .string) }
        #expect(store?.code == .unknownStateStore)
    }

    @Test func `TT-02 timestamps start where told, advance by themselves and by hand`() throws {
        try withTopologyTestDriver(try passing(), initialWallClock: 7) { driver in
            let output = try driver.outputTopic("out", key: .optional(.string), value: .optional(.string))
            let plain = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
            try plain.pipe("a", "1")
            plain.advanceTime(by: .seconds(1))
            try plain.pipe(value: "2")
            let stepping = try driver.inputTopic(
                "in", key: .string, value: .string, startTimestamp: 100, autoAdvance: .milliseconds(10))
            try stepping.pipe([("b", "3"), ("b", "4")])
            try stepping.pipe("b", "5", timestamp: 1)
            try stepping.pipe("b", "6")
            try stepping.pipe([("c", "7"), ("c", "8")], start: 50, advance: .milliseconds(5))
            let records = try output.readRecords()
            #expect(records.map(\.timestamp) == [7, 1007, 100, 110, 1, 120, 50, 55])
            #expect(records.map(\.value) == ["1", "2", "3", "4", "5", "6", "7", "8"])
            #expect(records[1].key == nil)
        }
    }

    @Test func `TT-02 TT-05 TT-07 headers go through`() throws {
        try withTopologyTestDriver(try passing()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            let output = try driver.outputTopic("out", key: .string, value: .string)
            let record = Record(key: "k", value: "v", timestamp: 3, headers: ["trace": "1", "trace": "2"])
            try input.pipe([record])
            #expect(try output.readRecord() == record)
        }
    }

    @Test func `TT-03 records are read once, and reading past the end is an error`() throws {
        try withTopologyTestDriver(try passing()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .optional(.string))
            let output = try driver.outputTopic("out", key: .string, value: .optional(.string))
            try input.pipe([("a", "1"), ("b", "2"), ("a", nil)])
            #expect(output.count == 3)
            #expect(try output.readValue() == "1")
            #expect(try output.readKeyValuesToMap() == ["a": nil, "b": "2"])
            #expect(output.isEmpty)
            #expect(throws: StreamsError.self) { try output.readRecord() }
        }
    }

    @Test func `TT-01 a topic that the topology writes and reads is fed back`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).to("middle", key: .string, value: .string)
        builder.stream("middle", key: .string, value: .string).mapValues { $0 + "!" }
            .to("out", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe("k", "v")
            #expect(try driver.outputTopic("out", key: .string, value: .string).readValue() == "v!")
        }
    }

    @Test func `TT-01 what was left out is counted by reason`() throws {
        let builder = StreamsBuilder()
        let counted = builder.stream("in", key: .optional(.string), value: .optional(.int64))
            .groupByKey().count(as: "counts")
        #expect(counted.queryableStoreName == "counts")
        let driver = try TopologyTestDriver(
            try builder.build(), deserializationHandler: LogAndContinueDeserialization())
        let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.int64))
        try input.pipe(nil, 1)
        try input.pipe("k", nil)
        try input.pipe("k", 1)
        try input.pipeBytes(key: Array("k".utf8), value: [1, 2])
        #expect(driver.droppedRecords == [.nullKey: 1, .nullValue: 1, .deserialization: 1])
    }

    @Test func `TT-01 after a failure the driver says so, and keeps what was written before`() throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.to("out", key: .string, value: .string)
        stream.foreach { _, value in if value == "bad" { throw SerdeError("no") } }
        let driver = try TopologyTestDriver(try builder.build())
        let input = try driver.inputTopic("in", key: .string, value: .string)
        let first = #expect(throws: StreamsError.self) { try input.pipe("k", "bad") }
        #expect(first?.code == .processing)
        let second = #expect(throws: StreamsError.self) { try input.pipe("k", "good") }
        #expect(second?.code == .invalidState)
        #expect(try driver.outputTopic("out", key: .string, value: .string).readValues() == ["bad"])
        try driver.close()
    }

    @Test func `TT-01 TT-07 the wall clock moves when told, and not back`() throws {
        let driver = try TopologyTestDriver(try passing(), initialWallClock: 10)
        try driver.advanceWallClock(by: .milliseconds(5))
        #expect(driver.wallClock == 15)
        #expect(throws: StreamsError.self) { try driver.advanceWallClock(by: .milliseconds(-1)) }
        #expect(driver.wallClock == 15)
    }

    @Test func `TT-07 a topic that a topology reads and writes goes round until nothing is written`() throws {
        let builder = StreamsBuilder()
        let numbers = builder.stream("in", key: .string, value: .int)
        numbers.filter { _, number in number > 0 }.mapValues { $0 - 1 }.to("in", key: .string, value: .int)
        numbers.to("out", key: .string, value: .int)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .int).pipe("k", 3, timestamp: 9)
            let records = try driver.outputTopic("out", key: .string, value: .int).readRecords()
            #expect(records.map(\.value) == [3, 2, 1, 0])
            #expect(records.map(\.timestamp) == [9, 9, 9, 9])
        }
    }

    @Test func `S-11 TT-07 later outputs come after earlier ones, also by way of another part of the topology`() throws
    {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.flatMapValues { [$0 + "1", $0 + "2"] }.repartition(named: "r").to("out", key: .string, value: .string)
        stream.to("direct", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe([("k", "a"), ("k", "b")])
            #expect(
                try driver.outputTopic("out", key: .string, value: .string).readValues() == ["a1", "a2", "b1", "b2"])
            #expect(try driver.outputTopic("direct", key: .string, value: .string).readValues() == ["a", "b"])
        }
    }

    @Test func `S-03 TT-07 a task waits for an empty input as long as it is told to`() throws {
        let builder = StreamsBuilder()
        let left = builder.stream("left", key: .string, value: .string)
        left.merge(builder.stream("right", key: .string, value: .string)).to("out", key: .string, value: .string)
        let driver = try TopologyTestDriver(try builder.build(), maxTaskIdle: .seconds(10))
        let right = try driver.inputTopic("right", key: .string, value: .string)
        let output = try driver.outputTopic("out", key: .string, value: .string)
        try driver.inputTopic("left", key: .string, value: .string)
            .pipe([("k", "3"), ("k", "5")], start: 3, advance: .milliseconds(2))
        #expect(output.isEmpty)
        try right.pipe("k", "1", timestamp: 1)
        #expect(try output.readValues() == ["1"])
        try right.pipe("k", "4", timestamp: 4)
        // The right input is empty again behind its 4: the 5 has to wait.
        #expect(try output.readValues() == ["3", "4"])
        try driver.advanceWallClock(by: .seconds(9))
        #expect(output.isEmpty)
        try driver.advanceWallClock(by: .seconds(1))
        #expect(try output.readValues() == ["5"])
        try driver.close()
    }

    @Test func `TT-01 TT-02 all stores can be named, and values piped without keys`() throws {
        try withTopologyTestDriver(try wordCount(), allowingUnreadOutput: true) { driver in
            #expect(driver.storeNames == ["counts"])
        }
        try withTopologyTestDriver(try passing(), initialWallClock: 5) { driver in
            let input = try driver.inputTopic("in", key: .optional(.string), value: .optional(.string))
            try input.pipe(values: ["a", "b"], start: 10, advance: .milliseconds(3))
            try input.pipe(values: ["c"])
            let records = try driver.outputTopic("out", key: .optional(.string), value: .string).readRecords()
            #expect(records.map { "\($0.value)@\($0.timestamp)" } == ["a@10", "b@13", "c@5"])
            #expect(records.allSatisfy { $0.key == nil })
        }
    }
}
