import Logging
import SwiftwaterTestKit
import Testing

@testable import Swiftwater

@Suite struct StreamTableJoinTests {
    private typealias Texts = KStream<String?, String?>

    private static func versioned(_ milliseconds: Int) -> Materialized<String, String> {
        Materialized("tbl", history: .milliseconds(milliseconds))
    }

    private static func builder(
        _ materialized: Materialized<String, String>? = "tbl",
        _ join: (Texts, KTable<String, String>) -> KStream<String, String>
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let table = builder.table("t", key: .string, value: .string, as: materialized)
        join(builder.stream("s", key: .optional(.string), value: .optional(.string)), table)
            .to("out", key: .string, value: .string)
        return builder
    }

    private static func leftBuilder(
        _ materialized: Materialized<String, String>,
        grace: Duration? = nil
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let table = builder.table("t", key: .string, value: .string, as: materialized)
        builder.stream("s", key: .optional(.string), value: .optional(.string))
            .leftJoin(table, joined: Joined(named: "j", gracePeriod: grace)) { "\($0)+\($1 ?? "null")" }
            .to("out", key: .string, value: .string)
        return builder
    }

    private typealias Input = (topic: String, key: String?, value: String?, time: Timestamp)

    private static func pipe(_ input: Input, into driver: TopologyTestDriver) throws {
        try driver.inputTopic(input.topic, key: .optional(.string), value: .optional(.string))
            .pipe(Record(key: input.key, value: input.value, timestamp: input.time))
    }

    private static func told(_ driver: TopologyTestDriver) throws -> [String] {
        try driver.outputTopic("out", key: .optional(.string), value: .string).readRecords()
            .map { "\($0.key ?? "null")=\($0.value)@\($0.timestamp)" }
    }

    private static func run(_ builder: StreamsBuilder, _ inputs: [Input]) throws -> (out: [String], TopologyTestDriver)
    {
        let driver = try TopologyTestDriver(try builder.build())
        for input in inputs { try pipe(input, into: driver) }
        return (try told(driver), driver)
    }

    // MARK: Without a grace period

    @Test func `S-20 J-02 an inner join drops records without key or value`() throws {
        let (out, driver) = try Self.run(
            Self.builder { $0.join($1) { "\($0)+\($1)" } },
            [("t", "a", "T", 1), ("s", nil, "v", 2), ("s", "a", nil, 3), ("s", "a", "v", 4), ("s", "b", "v", 5)]
        )
        #expect(out == ["a=v+T@4"])
        #expect(driver.droppedRecords == [.nullKey: 1, .nullValue: 1])
    }

    @Test func `S-21 J-02 a left join tells a record without a key with nil and drops one without a value`() throws {
        let (out, driver) = try Self.run(
            Self.leftBuilder("tbl"),
            [("t", "a", "T", 1), ("s", nil, "v", 2), ("s", "a", nil, 3), ("s", "a", "v", 4), ("s", "b", "v", 5)]
        )
        #expect(out == ["null=v+null@2", "a=v+T@4", "b=v+null@5"])
        #expect(driver.droppedRecords == [.nullValue: 1])
    }

    @Test func `S-77 S-70 updates of the table tell nothing, and an old record sees the current row at its own time`()
        throws
    {
        let (out, _) = try Self.run(
            Self.builder { $0.join($1) { "\($0)+\($1)" } },
            [
                ("t", "a", "T1", 10), ("s", "a", "v", 20), ("t", "a", "T2", 30), ("s", "a", "old", 5),
                ("t", "a", nil, 31),
                ("s", "a", "w", 40),
            ]
        )
        #expect(out == ["a=v+T1@20", "a=old+T2@5"])
    }

    @Test func `S-77 a versioned table gives the row as of the record's time, and none from before its history`() throws
    {
        let (out, _) = try Self.run(
            Self.leftBuilder(Self.versioned(50)),
            [
                ("t", "a", "T1", 10), ("t", "a", "T2", 20), ("s", "a", "v", 15), ("s", "a", "w", 25),
                ("s", "a", "x", 5),
                ("t", "b", "T", 100), ("s", "a", "y", 15), ("s", "a", "z", 60),
            ]
        )
        #expect(out == ["a=v+T1@15", "a=w+T2@25", "a=x+null@5", "a=y+null@15", "a=z+T2@60"])
    }

    @Test func `S-35 J-02 a table that nobody keeps gets a store for the join`() throws {
        let builder = Self.builder(nil) { $0.join($1) { "\($0)+\($1)" } }
        #expect(try builder.build().stores.map(\.name) == ["t-STATE-STORE-0000000000"])
        #expect(try Self.run(builder, [("t", "a", "T", 1), ("s", "a", "v", 2)]).out == ["a=v+T@2"])
    }

    @Test func `S-28 J-02 C-06 a stream whose keys may have changed goes through a topic of the join's name`() throws {
        let inner = Self.builder { stream, table in
            stream.selectKey { key, _ in key }.join(table, joined: Joined(named: "j", key: .string, value: .string)) {
                "\($0)+\($1)"
            }
        }
        #expect(try inner.build().repartitionTopics.map(\.name) == ["j-repartition"])
        let (out, driver) = try Self.run(inner, [("t", "a", "T", 1), ("s", nil, "n", 2), ("s", "a", "v", 3)])
        #expect(out == ["a=v+T@3"])
        #expect(driver.droppedRecords.isEmpty)
        let left = Self.builder { stream, table in
            stream.selectKey { key, _ in key }.leftJoin(table, joined: Joined(named: "j")) { key, value, row in
                "\(key ?? "none")/\(value)+\(row ?? "null")"
            }.selectKey { key, _ in key ?? "none" }
        }
        #expect(try Self.run(left, [("t", "a", "T", 1), ("s", nil, "n", 2)]).out == ["none=none/n+null@2"])
    }

    @Test func `S-90 J-02 joins without a name share the repartition of their stream`() throws {
        let builder = StreamsBuilder()
        let tables = ["t1", "t2"].map { builder.table($0, key: .string, value: .string) }
        let stream = builder.stream("s", key: .string, value: .string).selectKey { _, value in value }
        for table in tables { stream.join(table) { "\($0)+\($1)" }.to("out", key: .string, value: .string) }
        #expect(try builder.build().repartitionTopics.map(\.name) == ["KSTREAM-KEY-SELECT-0000000007-repartition"])
    }

    // MARK: With a grace period

    @Test func `S-78 ST-13 a record waits for its grace period, a late one does not`() throws {
        let driver = try TopologyTestDriver(try Self.leftBuilder(Self.versioned(100), grace: .milliseconds(10)).build())
        func step(_ input: Input) throws -> [String] {
            try Self.pipe(input, into: driver)
            return try Self.told(driver)
        }
        #expect(try step(("t", "a", "T1", 10)) == [])
        #expect(try step(("s", "a", "v", 20)) == [])
        #expect(try step(("t", "a", "T2", 15)) == [])
        #expect(try step(("s", "b", "w", 29)) == [])
        // Updates of the table do not move the stream's time on.
        #expect(try step(("t", "c", "T", 90)) == [])
        #expect(try step(("s", "b", "x", 30)) == ["a=v+T2@20"])
        #expect(try step(("s", "a", "late", 19)) == ["a=late+T2@19"])
        #expect(try step(("s", "a", "edge", 20)) == ["a=edge+T2@20"])
        #expect(try step(("s", nil, "none", 35)) == ["null=none+null@35"])
        #expect(try step(("s", "a", nil, 99)) == [])
        #expect(driver.droppedRecords == [.nullValue: 1])
    }

    @Test func `S-78 a grace period needs a versioned table with a history at least as long`() throws {
        for (materialized, isLegal) in [
            (Materialized<String, String>("tbl"), false), (Self.versioned(9), false), (Self.versioned(10), true),
        ] {
            let builder = Self.leftBuilder(materialized, grace: .milliseconds(10))
            if isLegal {
                #expect(try builder.build().stores.map(\.name).sorted() == ["j-Buffer", "tbl"])
            } else {
                #expect(throws: StreamsError.self) { try builder.build() }
            }
        }
    }

    @Test func `S-78 ST-13 what waits survives restarts, also from the changelog, and is told with its own headers`()
        throws
    {
        let topology = try Self.leftBuilder(Self.versioned(100), grace: .milliseconds(10)).build()
        let output = EngineFixture.Output()
        func newTask(_ backend: InMemoryStateBackend) throws -> StreamTask {
            try StreamTask(
                id: TaskID(subtopology: 0, partition: 0),
                topology: topology,
                settings: TaskSettings(applicationID: "app"),
                output: output,
                backend: backend,
                clock: EngineFixture.Clock(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        func take(_ task: StreamTask, _ key: String, _ value: String, _ time: Timestamp, _ offset: Int64) throws {
            let batch = RecordBatch()
            batch.append(
                offset: offset, timestamp: time, key: Array(key.utf8), value: Array(value.utf8),
                headers: Headers([.init(name: "h", value: Array(value.utf8))]))
            try task.queue(for: TopicPartition("s", 0))?.add(batch)
            for queue in task.queues { queue.lag = 0 }
            _ = try task.process(limit: 1)
            try task.flush()
            try task.persist(TaskCheckpoint())
        }
        let backend = InMemoryStateBackend()
        let first = try newTask(backend)
        try take(first, "a", "v1", 20, 0)
        try take(first, "a", "v2", 20, 1)
        try take(first, "b", "w", 18, 2)
        #expect(output.sent.filter { $0.topic == "out" }.isEmpty)

        let restored = InMemoryStateBackend()
        let index = try #require(first.subtopology.stores.firstIndex { $0.name == "j-Buffer" })
        let replay = ChangelogReplay(first.subtopology.stores[index], index: index, backend: restored)
        for sent in output.records where sent.value != nil {
            try sent.key.withUnsafeBytes { key in
                try sent.value?.withUnsafeBytes { try replay.take(key: key, value: $0, timestamp: sent.timestamp) }
            }
        }
        restored.commit([replay.changes], checkpoint: TaskCheckpoint())
        for kept in [backend, restored] {
            output.sent = []
            let task = try newTask(kept)
            try take(task, "a", "v3", 20, 3)
            #expect(output.sent.filter { $0.topic == "out" }.isEmpty)
            try take(task, "z", "late", 9, 4)
            #expect(output.sent.filter { $0.topic == "out" }.map(\.key) == ["z"])
            try take(task, "z", "tick", 30, 5)
            let told = output.sent.filter { $0.topic == "out" }.map { sent in
                "\(sent.key ?? "")=\(String(decoding: sent.value ?? [], as: UTF8.self))@\(sent.timestamp)"
            }
            #expect(
                told == ["z=late+null@9", "b=w+null@18", "a=v1+null@20", "a=v2+null@20", "a=v3+null@20"])
        }
    }

    // MARK: Against a model

    /// A table as a list of versions, and the joins over it without a thought of speed.
    private struct Model {
        var history: Int64?
        var grace: Int64?
        var isLeft: Bool
        var rows: [String: String] = [:]
        var versions: [String: [Int64: String?]] = [:]
        var latest: Int64 = -1
        var streamTime: Int64 = -1
        var waiting: [(time: Int64, order: [UInt8], key: String, value: String)] = []
        var count: UInt32 = 0

        mutating func update(_ key: String, _ value: String?, _ time: Int64) {
            rows[key] = value
            guard let history, time >= latest - history else { return }
            latest = max(latest, time)
            versions[key, default: [:]][time] = .some(value)
        }

        private func row(_ key: String, _ time: Int64) -> String? {
            guard let history else { return rows[key] }
            guard let times = versions[key]?.keys, let covering = times.filter({ $0 <= time }).max() else { return nil }
            if covering != times.max(), time < latest - history { return nil }
            return versions[key]?[covering] ?? nil
        }

        private func joined(_ key: String?, _ value: String, _ time: Int64) -> [String] {
            let row = key.flatMap { self.row($0, time) }
            return isLeft || row != nil ? ["\(key ?? "null")=\(value)+\(row ?? "null")@\(time)"] : []
        }

        mutating func take(_ key: String?, _ value: String?, _ time: Int64) -> [String] {
            guard let value, let key else {
                return value.map { isLeft ? joined(nil, $0, time) : [] } ?? []
            }
            guard let grace, time >= streamTime - grace else { return joined(key, value, time) }
            streamTime = max(streamTime, time)
            count += 1
            let order = Array(key.utf8) + withUnsafeBytes(of: count.bigEndian) { Array($0) }
            waiting.append((time, order, key, value))
            let due = waiting.filter { $0.time <= streamTime - grace }.sorted {
                $0.time != $1.time ? $0.time < $1.time : $0.order.lexicographicallyPrecedes($1.order)
            }
            waiting.removeAll { $0.time <= streamTime - grace }
            return due.flatMap { joined($0.key, $0.value, $0.time) }
        }
    }

    @Test func `S-20 S-21 S-77 S-78 J-02 joins agree with a model of plain and versioned tables and grace periods`()
        throws
    {
        let seed = UInt64.random(in: .min ... .max)
        print("StreamTableJoinTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_500 {
            let history = Bool.random(using: &random) ? Int.random(in: 0...30, using: &random) : nil
            let grace = history.flatMap { Bool.random(using: &random) ? Int.random(in: 0...$0, using: &random) : nil }
            let isLeft = Bool.random(using: &random)
            let builder = StreamsBuilder()
            let table = builder.table(
                "t", key: .string, value: .string,
                as: history.map { Self.versioned($0) } ?? Materialized("tbl", cached: Bool.random(using: &random)))
            let stream = builder.stream("s", key: .optional(.string), value: .optional(.string))
            let joined = Joined<String, String, String>(gracePeriod: grace.map { .milliseconds($0) })
            if isLeft {
                stream.leftJoin(table, joined: joined) { "\($0)+\($1 ?? "null")" }
                    .to("out", key: .string, value: .string)
            } else {
                stream.join(table, joined: joined) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
            }
            let driver = try TopologyTestDriver(try builder.build())
            var model = Model(history: history.map(Int64.init), grace: grace.map(Int64.init), isLeft: isLeft)
            for step in 0..<Int.random(in: 1...40, using: &random) {
                let key = "k\(Int.random(in: 0..<3, using: &random))"
                let isNull = Int.random(in: 0..<6, using: &random) == 0
                let time = Int64.random(in: 0...(20 + Int64(step) * 2), using: &random)
                if Bool.random(using: &random) {
                    let value = isNull ? nil : "T\(step)"
                    try Self.pipe(("t", key, value, Timestamp(rawValue: time)), into: driver)
                    model.update(key, value, time)
                } else {
                    let key = Int.random(in: 0..<10, using: &random) == 0 ? nil : key
                    let value = isNull ? nil : "v\(step)"
                    try Self.pipe(("s", key, value, Timestamp(rawValue: time)), into: driver)
                    let expected = model.take(key, value, time)
                    try #require(try Self.told(driver) == expected, "seed \(seed)")
                }
            }
        }
    }
}
