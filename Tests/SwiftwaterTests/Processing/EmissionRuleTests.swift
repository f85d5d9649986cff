import Logging
import Swiftwater
import Testing

/// Rules about what the test driver does not show: partitions, wall-clock intervals and restarts.
@Suite struct EmissionRuleTests {
    private final class Output: RecordOutput {
        struct Sent {
            var topic: String
            var partition: Int32
            var key: [UInt8]
            var value: [UInt8]?
            var timestamp: Timestamp
        }

        var sent: [Sent] = []

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: 8) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) {
            sent.append(
                Sent(
                    topic: topic.name,
                    partition: partition,
                    key: key.map(Array.init) ?? [],
                    value: value.map(Array.init),
                    timestamp: timestamp
                )
            )
        }
    }

    /// A task over a backend that may outlive it.
    private final class Running {
        let output = Output()
        let clock = EngineFixture.Clock()
        let task: StreamTask
        private var nextOffset: Int64 = 0

        init(_ builder: StreamsBuilder, over backend: InMemoryStateBackend = InMemoryStateBackend()) throws {
            task = try StreamTask(
                id: TaskID(subtopology: 0, partition: 0),
                topology: try builder.build(),
                settings: TaskSettings(applicationID: "app"),
                output: output,
                backend: backend,
                clock: clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            for queue in task.queues { queue.lag = 0 }
        }

        func process(_ key: String, _ value: String, _ time: Timestamp, into topic: String = "in") throws {
            let batch = RecordBatch()
            batch.append(offset: nextOffset, timestamp: time, key: Array(key.utf8), value: Array(value.utf8))
            nextOffset += 1
            try #require(task.queue(for: TopicPartition(topic, 0))).add(batch)
            _ = try task.process(limit: .max)
        }

        func commit() throws {
            try task.flush()
            try task.persist(TaskCheckpoint())
        }

        func sent(to topic: String) -> [String] {
            output.sent.filter { $0.topic == topic }.map { sent in
                let value = sent.value.map { String(decoding: $0, as: UTF8.self) }
                return "\(String(decoding: sent.key, as: UTF8.self))=\(value ?? "null")@\(sent.timestamp)"
            }
        }
    }

    /// Counts in windows of 10 ms and tells the counts, as texts, when their windows close.
    private func counting() -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .groupByKey()
            .windowedBy(TimeWindows(size: .milliseconds(10)))
            .emitStrategy(.onWindowClose)
            .count(as: "s")
            .toStream()
            .map { windowed, count in ("\(windowed.key)[\(windowed.window.start)", "\(count ?? 0)") }
            .to("out", key: .string, value: .string)
        return builder
    }

    @Test func `S-62 windows that have closed are looked for once a second of the wall clock`() throws {
        let running = try Running(counting())
        try running.process("a", "", 1)
        running.clock.time = 999
        try running.process("a", "", 15)
        #expect(running.sent(to: "out").isEmpty)
        running.clock.time = 1_000
        try running.process("a", "", 16)
        #expect(running.sent(to: "out") == ["a[0=1@1"])
    }

    @Test func `S-62 R-20 how far windows were told is committed with the offsets: a restart tells none twice`() throws
    {
        let backend = InMemoryStateBackend()
        let first = try Running(counting(), over: backend)
        for (key, time) in [("a", 1), ("a", 2), ("b", 12)] as [(String, Timestamp)] {
            first.clock.time = Timestamp(rawValue: first.clock.time.rawValue + 1_000)
            try first.process(key, "", time)
        }
        try first.commit()
        #expect(first.sent(to: "out") == ["a[0=2@2"])
        let committed = try #require(first.task.committableOffsets { _ in nil }.values.first)
        let second = try Running(counting(), over: backend)
        second.task.context.progress = CommittableOffset.progress(from: committed.metadata)
        try second.process("b", "", 13)
        #expect(second.sent(to: "out").isEmpty)
        second.clock.time = 1_000
        try second.process("b", "", 20)
        #expect(second.sent(to: "out") == ["b[10=2@13"])
    }

    @Test func `S-72 records without a match are looked for once a second of the wall clock`() throws {
        let builder = StreamsBuilder()
        builder.stream("left", key: .string, value: .string)
            .outerJoin(builder.stream("right", key: .string, value: .string), .within(.milliseconds(10))) {
                "\($0 ?? "-")+\($1 ?? "-")"
            }
            .to("out", key: .string, value: .string)
        let running = try Running(builder)
        try running.process("k", "l", 100, into: "left")
        running.clock.time = 999
        try running.process("x", "x", 200, into: "right")
        #expect(running.sent(to: "out").isEmpty)
        running.clock.time = 1_000
        try running.process("x", "x", 200, into: "right")
        #expect(running.sent(to: "out") == ["k=l+-@100"])
    }

    @Test func `S-68 ST-12 what is held back comes back from the changelog, and what was told is deleted there`() throws
    {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: "t")
            .suppress(.untilTimeLimit(.milliseconds(10), named: "held"))
            .toStream()
            .to("out", key: .string, value: .string)
        let first = try Running(builder)
        try first.process("k", "a", 0)
        try first.commit()
        try first.process("k", "b", 2)
        try first.commit()

        let backend = InMemoryStateBackend()
        for (index, store) in first.task.subtopology.stores.enumerated() {
            let replay = ChangelogReplay(store, index: index, backend: backend)
            for sent in first.output.sent where sent.topic == store.changelogTopic(applicationID: "app") {
                try sent.key.withUnsafeBytes { key in
                    if let value = sent.value {
                        try value.withUnsafeBytes { try replay.take(key: key, value: $0, timestamp: sent.timestamp) }
                    } else {
                        try replay.take(key: key, value: nil, timestamp: sent.timestamp)
                    }
                }
            }
            backend.commit([replay.changes], checkpoint: TaskCheckpoint())
        }
        let second = try Running(builder, over: backend)
        try second.process("x", "", 10)
        try second.commit()
        #expect(second.sent(to: "out") == ["k=b@2"])
        let changes = second.output.sent.filter { $0.topic == "app-held-store-changelog" }
        #expect(changes.filter { $0.key == Array("k".utf8) }.map(\.value) == [nil])
    }

    @Test func `S-93 a windowed key goes to the partition of the key inside it, unless a partitioner says otherwise`()
        throws
    {
        let builder = StreamsBuilder()
        let grouped = builder.stream("in", key: .string, value: .string).groupByKey()
        let counts = grouped.windowedBy(TimeWindows(size: .seconds(10))).count(as: "w").toStream()
        counts.to("windows", key: .timeWindowed(.string, size: .seconds(10)), value: .int64)
        counts.map { windowed, count in ("\(windowed.key)[0", count) }.to("texts", key: .string, value: .int64)
        counts.to(
            "chosen", key: .timeWindowed(.string, size: .seconds(10)), value: .int64,
            partitioner: StreamPartitioner { _, _, count in count - 1 })
        grouped.windowedBy(SessionWindows(inactivityGap: .seconds(10))).count(as: "s").toStream()
            .to("sessions", key: .sessionWindowed(.string), value: .int64)
        let running = try Running(builder)
        let keys = (0..<20).map { "key-\($0)" }
        for key in keys { try running.process(key, "", 1) }
        try running.commit()
        func partitions(_ topic: String) -> [Int32] {
            running.output.sent.filter { $0.topic == topic }.map(\.partition)
        }
        func expected(_ keys: [String]) -> [Int32] {
            keys.map { key in
                Array(key.utf8).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: 8) }
            }
        }
        #expect(Set(expected(keys)).count > 4)
        #expect(partitions("windows") == expected(keys))
        #expect(partitions("sessions") == expected(keys))
        #expect(partitions("texts") == expected(keys.map { $0 + "[0" }))
        #expect(partitions("chosen") == keys.map { _ in 7 })
    }
}
