import Swiftwater
import Testing

@Suite struct StreamTaskTests {
    private func merging() -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.stream("a", key: .optional(.string), value: .optional(.string))
            .merge(builder.stream("b", key: .optional(.string), value: .optional(.string)))
            .to("out", key: .string, value: .string)
        return builder
    }

    private func counting(cached: Bool) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.stream("in", key: .optional(.string), value: .optional(.string))
            .groupByKey(key: .string)
            .count(as: Materialized("counts", cached: cached))
            .toStream()
            .to("out", key: .string, value: .int64)
        return builder
    }

    @Test func `S-02 R-04 the lowest head goes first, and a partition keeps its order`() throws {
        let engine = try EngineFixture(merging())
        try engine.add("a", [("k", "a5", 5), ("k", "a1", 1)])
        try engine.add("b", [("k", "b3", 3), ("k", "b9", 9)])
        for queue in engine.task.queues { queue.lag = 0 }
        #expect(try engine.task.process(limit: 100) == 4)
        #expect(engine.sent(to: "out") == ["k=b3@3", "k=a5@5", "k=a1@1", "k=b9@9"])
        #expect(engine.task.context.streamTime == 9)
        #expect(engine.task.queues.map(\.partitionTime) == [5, 9])
    }

    @Test func `S-03 R-04 an empty input blocks until it is known to have nothing`() throws {
        let engine = try EngineFixture(merging())
        try engine.add("a", [("k", "v", 1)])
        #expect(try engine.task.process(limit: 100) == 0)
        engine.task.queue(for: TopicPartition("b", 0))?.lag = 7
        #expect(try engine.task.process(limit: 100) == 0)
        engine.task.queue(for: TopicPartition("b", 0))?.lag = 0
        #expect(try engine.task.process(limit: 100) == 1)
    }

    @Test func `S-03 S-04 idling counts from when the input was first seen empty`() throws {
        let engine = try EngineFixture(merging()) { $0.maxTaskIdle = .milliseconds(100) }
        engine.task.queue(for: TopicPartition("b", 0))?.lag = 0
        try engine.add("a", [("k", "v", 1)])
        engine.clock.time = 1_000
        #expect(try engine.task.process(limit: 100) == 0)
        engine.clock.time = 1_099
        #expect(try engine.task.process(limit: 100) == 0)
        engine.clock.time = 1_100
        #expect(try engine.task.process(limit: 100) == 1)
    }

    @Test func `S-03 a negative idle time never waits`() throws {
        let engine = try EngineFixture(merging()) { $0.maxTaskIdle = .milliseconds(-1) }
        try engine.add("a", [("k", "v", 1)])
        #expect(try engine.task.process(limit: 100) == 1)
    }

    @Test func `S-08 S-09 E-01 a record that is skipped moves the offset to commit`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .int64).to("out", key: .string, value: .int64)
        let engine = try EngineFixture(builder) { $0.deserializationHandler = .logAndContinue }
        try engine.add("in", from: 10, [("k", "8 bytes!", 1), ("k", "poison", 2)])
        #expect(try engine.task.process(limit: 1) == 1)
        #expect(engine.task.context.dropped.byReason == [.deserialization: 1])
        let offsets = engine.task.committableOffsets { _ in nil }
        #expect(offsets[TopicPartition("in", 0)] == CommittableOffset(offset: 12, partitionTime: 1))
    }

    @Test func `E-01 by default a record that cannot be read is an error that says where`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .int64).to("out", key: .string, value: .int64)
        let engine = try EngineFixture(builder)
        let error = #expect(throws: StreamsError.self) { try engine.add("in", from: 41, [("k", "poison", 2)]) }
        #expect(error?.code == .deserialization)
        #expect(error?.place.topic == "in")
        #expect(error?.place.offset == 41)
        #expect(error?.place.node == "KSTREAM-SOURCE-0000000000")
    }

    @Test func `S-09 the offset to commit is that of the next record, or the consumer's position`() throws {
        let engine = try EngineFixture(counting(cached: true))
        let input = TopicPartition("in", 0)
        try engine.add("in", from: 5, [("k", "v", 1), ("k", "v", 2), ("k", "v", 3)])
        _ = try engine.task.process(limit: 2)
        #expect(engine.task.committableOffsets { _ in 99 }[input]?.offset == 7)
        _ = try engine.task.process(limit: 2)
        #expect(engine.task.committableOffsets { _ in 99 }[input]?.offset == 99)
        #expect(engine.task.committableOffsets { _ in nil }[input]?.offset == 8)
    }

    @Test func `S-06 a negative time from the extractor leaves the record out`() throws {
        let builder = StreamsBuilder()
        builder.stream(
            "in",
            key: .string,
            value: .string,
            timestampExtractor: EventTime<String, String> { _, value, _ in value == "bad" ? -1 : 7 }
        ).to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [("k", "bad", 1), ("k", "good", 2)])
        _ = try engine.task.process(limit: 10)
        #expect(engine.sent(to: "out") == ["k=good@7"])
        #expect(engine.task.context.dropped.byReason == [.invalidTimestamp: 1])
    }

    @Test(arguments: ["process", "processValues", "transformValues", "punctuation"])
    func `S-47 P-06 R-07 a commit that is asked for is due once there is something to commit, until it is made`(
        asking: String
    ) throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        switch asking {
        case "process":
            _ = stream.process { (context: ProcessorContext<String, String>) in
                { record in if record.value == "commit" { context.requestCommit() } }
            }
        case "processValues":
            _ = stream.processValues { (context: FixedKeyProcessorContext<String, String>) in
                { record in if record.value == "commit" { context.requestCommit() } }
            }
        case "transformValues":
            _ = stream.toTable(as: Materialized("t", key: .string, value: .string))
                .transformValues(as: Materialized("u", value: .string)) { context in
                    { _, value in
                        if value == "commit" { context.requestCommit() }
                        return value
                    }
                }
        default:
            _ = stream.process { (context: ProcessorContext<String, String>) in
                // Asked for before there is anything to commit, and by the time of a record.
                context.requestCommit()
                try context.schedule(every: .milliseconds(10), .streamTime) { now in
                    if now == 20 { context.requestCommit() }
                }
                return { _ in }
            }
        }
        let engine = try EngineFixture(builder) { $0.isCachingEnabled = false }
        try engine.task.start()
        #expect(!engine.task.isCommitRequested)
        try engine.add("in", [("k", "other", 10), ("k", "commit", 20), ("k", "other", 25)])
        _ = try engine.task.process(limit: 1)
        #expect(engine.task.isCommitRequested == (asking == "punctuation"))
        if asking == "punctuation" { try engine.commit() }
        _ = try engine.task.process(limit: 1)
        #expect(engine.task.isCommitRequested)
        try engine.commit()
        #expect(!engine.task.isCommitRequested)
        _ = try engine.task.process(limit: 1)
        #expect(!engine.task.isCommitRequested)
    }

    @Test func `S-05 R-20 R-21 F-11 the partition's time travels in the offset's metadata`() {
        let offset = CommittableOffset(offset: 3, partitionTime: 1_700_000_000_123)
        #expect(CommittableOffset.partitionTime(from: offset.metadata) == 1_700_000_000_123)
        #expect(CommittableOffset.partitionTime(from: "not ours") == .unknown)
        #expect(CommittableOffset.partitionTime(from: nil) == .unknown)
        #expect(offset.metadata == "AgAAAYvP5Wh7")
    }

    @Test func `S-11 a record goes through all children in order before the next`() throws {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.flatMapValues { [$0 + "1", $0 + "2"] }.to("out", key: .string, value: .string)
        stream.mapValues { $0 + "!" }.to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [("k", "a", 1), ("k", "b", 2)])
        _ = try engine.task.process(limit: 10)
        #expect(engine.sent(to: "out") == ["k=a1@1", "k=a2@1", "k=a!@1", "k=b1@2", "k=b2@2", "k=b!@2"])
    }

    @Test func `S-13 S-41 counts leave out nulls and keep the highest time`() throws {
        let engine = try EngineFixture(counting(cached: false))
        try engine.add("in", [("a", "x", 10), ("a", "y", 5), (nil, "x", 11), ("a", nil, 12), ("b", "x", 0)])
        _ = try engine.task.process(limit: 10)
        #expect(engine.sent(to: "out") == ["a=1@10", "a=2@10", "b=1@0"])
        #expect(engine.task.context.dropped.byReason == [.nullKey: 1, .nullValue: 1])
    }

    @Test func `S-36 F-06 a cached store tells the last change of a key, at commit`() throws {
        let engine = try EngineFixture(counting(cached: true))
        try engine.add("in", [("a", "x", 10), ("b", "x", 11), ("a", "y", 12)])
        _ = try engine.task.process(limit: 10)
        #expect(engine.sent(to: "out") == [])
        try engine.commit()
        #expect(engine.sent(to: "out") == ["b=1@11", "a=2@12"])
        #expect(engine.sent(to: "app-counts-changelog") == ["b=1@11", "a=2@12"])
        try engine.add("in", from: 3, [("a", "z", 13)])
        _ = try engine.task.process(limit: 10)
        try engine.commit()
        #expect(engine.sent(to: "out").last == "a=3@13")
        #expect(engine.output.sent.count == 6)
    }

    @Test func `S-36 a key that comes and goes within one interval leaves no trace downstream`() throws {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: "tbl").toStream().to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [("a", "x", 1), ("a", nil, 2), ("b", "y", 3)])
        _ = try engine.task.process(limit: 10)
        try engine.commit()
        #expect(engine.sent(to: "out") == ["b=y@3"])
        try engine.add("in", from: 3, [("b", nil, 9)])
        _ = try engine.task.process(limit: 10)
        try engine.commit()
        #expect(engine.sent(to: "out").last == "b=null@9")
    }

    @Test func `S-24 a table drops records without a key and takes null as a deletion`() throws {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: Materialized("tbl", cached: false))
            .toStream().to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [(nil, "x", 1), ("a", "x", 2), ("a", nil, 3)])
        _ = try engine.task.process(limit: 10)
        #expect(engine.sent(to: "out") == ["a=x@2", "a=null@3"])
        #expect(engine.task.context.dropped.byReason == [.nullKey: 1])
    }

    @Test func `S-99 nothing is processed between flush and persist`() throws {
        let engine = try EngineFixture(counting(cached: true))
        try engine.add("in", [("a", "x", 1)])
        try engine.task.flush()
        #expect(throws: StreamsError.self) { try engine.task.process(limit: 1) }
        try engine.task.persist(TaskCheckpoint())
        #expect(try engine.task.process(limit: 1) == 1)
    }

    @Test func `a function that throws ends with the node's name and the record's place`() throws {
        struct Broken: Error {}
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .mapValues(named: "risky") { (_: String) throws -> String in throw Broken() }
            .to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", from: 17, [("k", "v", 1)])
        let error = #expect(throws: StreamsError.self) { try engine.task.process(limit: 1) }
        #expect(error?.code == .processing)
        #expect(error?.place.node == "risky")
        #expect(error?.place.offset == 17)
        #expect(error?.cause is Broken)
    }
}
