import Swiftwater
import SwiftwaterTestKit
import Testing

/// What each kind of store counts.
struct StoreMetricsTests {
    private typealias Input = (topic: String, key: String?, value: String?, time: Timestamp)

    /// Runs a topology over a few records and gives what was counted.
    private func metrics(
        _ builder: StreamsBuilder,
        level: MetricsRecordingLevel = .info,
        isCachingEnabled: Bool = true,
        _ inputs: [Input]
    ) throws -> [String: StoreMetrics] {
        let driver = try TopologyTestDriver(
            try builder.build(), isCachingEnabled: isCachingEnabled, metricsRecordingLevel: level)
        for input in inputs {
            try driver.inputTopic(input.topic, key: .optional(.string), value: .optional(.string))
                .pipe(Record(key: input.key, value: input.value, timestamp: input.time))
        }
        let metrics = driver.storeMetrics
        #expect(Set(metrics.keys) == driver.storeNames)
        try driver.close(allowingUnreadOutput: true)
        return metrics
    }

    /// Runs a processor on one store for a single record.
    private func metrics<Store>(
        _ store: StateStore<Store>,
        level: MetricsRecordingLevel = .info,
        records: Int = 1,
        _ use: @escaping @Sendable (Store) throws -> Void
    ) throws -> StoreMetrics {
        let builder = StreamsBuilder()
        builder.addStateStore(store)
        _ = builder.texts("in").processValues(stores: [store]) {
            (context: FixedKeyProcessorContext<String?, String?>) in
            let store = try context.store(store)
            return { _ in try use(store) }
        }
        let inputs: [Input] = (0..<records).map { ("in", "k", "v", Timestamp(rawValue: 1_000 + Int64($0))) }
        return try #require(try metrics(builder, level: level, inputs)[store.name])
    }

    /// What is not zero.
    private func totals(_ metrics: StoreMetrics?) -> [String: Int] {
        var totals: [String: Int] = [:]
        for operation in StoreOperation.allCases {
            guard let total = metrics?[operation].total, total > 0 else { continue }
            totals[operation.name] = total
        }
        return totals
    }

    // MARK: Stores of processors

    @Test(arguments: [Materialized<String, Int64>.StoreType.persistent, .inMemory])
    func `ST-10 a key-value store counts each operation once`(type: Materialized<String, Int64>.StoreType) throws {
        let store = StateStore<KeyValueStore<String, Int64>>.keyValue(
            "s", key: .string, value: .int64, storeType: type)
        let metrics = try metrics(store) { store in
            for (number, key) in ["a", "b", "c"].enumerated() { try store.set(Int64(number), of: key) }
            #expect(try store.setIfAbsent(9, of: "a") == 0)
            #expect(try store.setIfAbsent(9, of: "d") == nil)
            _ = try store.value(of: "a")
            _ = try store.entry(of: "none")
            try store.remove("c")
            #expect(try store.all().count == 3)
            #expect(try store.all(reverse: true).count == 3)
            #expect(try store.range(from: "b").count == 2)
            #expect(try store.prefixed(by: Array("a".utf8)).count == 1)
        }
        #expect(
            totals(metrics) == [
                "put": 3, "put-if-absent": 2, "get": 2, "delete": 1, "all": 2, "range": 1, "prefix-scan": 1,
                "flush": 1,
            ])
        #expect(metrics.iterators.total == 4)
        #expect(metrics.keys == (type == .inMemory ? 3 : nil))
        #expect(metrics.held == nil)
    }

    @Test func `ST-10 reads are hits of the cache where what was written since the commit answers them`() throws {
        let store = StateStore<KeyValueStore<String, Int64>>.keyValue("s", key: .string, value: .int64)
        let metrics = try metrics(store, records: 2) { store in
            // The first time nobody has it, the second time the commit has.
            let old = try store.value(of: "a") ?? 0
            try store.set(old + 1, of: "a")
            #expect(try store.value(of: "a") == old + 1)
            #expect(try store.value(of: "a") == old + 1)
        }
        #expect(metrics.cacheHits == 4)
        #expect(metrics.cacheMisses == 2)
    }

    @Test func `ST-10 a versioned store counts puts, gets, deletions and spans of versions`() throws {
        let store = StateStore<VersionedKeyValueStore<String, Int64>>.versioned(
            "s", key: .string, value: .int64, historyRetention: .seconds(60))
        let metrics = try metrics(store) { store in
            try store.put(1, of: "a", at: 10)
            try store.put(2, of: "a", at: 20)
            #expect(try store.record(of: "a")?.value == 2)
            #expect(try store.record(of: "a", asOf: 15)?.value == 1)
            #expect(try store.records(of: "a").count == 2)
            #expect(try store.delete("a", at: 30)?.value == 2)
        }
        #expect(totals(metrics) == ["put": 2, "get": 2, "range": 1, "delete": 1, "flush": 1])
    }

    @Test(arguments: [Materialized<String, Int64>.StoreType.persistent, .inMemory], [false, true])
    func `ST-10 a window store counts puts and fetches`(
        type: Materialized<String, Int64>.StoreType, retainsDuplicates: Bool
    ) throws {
        let store = StateStore<WindowStore<String, Int64>>.window(
            "s", key: .string, value: .int64, retention: .seconds(60), windowSize: .seconds(10),
            retainsDuplicates: retainsDuplicates, storeType: type)
        let metrics = try metrics(store) { store in
            try store.put(1, of: "a", start: 0)
            try store.put(2, of: "a", start: 10_000)
            _ = try store.value(of: "a", start: 0)
            #expect(try store.fetch("a").count == 2)
            #expect(try store.fetchAll().count == 2)
        }
        #expect(totals(metrics) == ["put": 2, "fetch": 3, "flush": 1])
    }

    @Test(arguments: [Materialized<String, Int64>.StoreType.persistent, .inMemory])
    func `ST-10 a session store counts puts, fetches and removals`(
        type: Materialized<String, Int64>.StoreType
    ) throws {
        let store = StateStore<SessionStore<String, Int64>>.session(
            "s", key: .string, value: .int64, retention: .seconds(60), storeType: type)
        let metrics = try metrics(store) { store in
            let window = Window(start: 5, end: 8)
            try store.put(1, of: "a", window)
            #expect(try store.value(of: "a", window) == 1)
            #expect(try store.findSessions("a").count == 1)
            #expect(try store.fetchAll().count == 1)
            try store.remove("a", window)
        }
        #expect(totals(metrics) == ["put": 1, "fetch": 3, "remove": 1, "flush": 1])
    }

    @Test func `ST-10 a store of one's own counts what is done to its bytes`() throws {
        final class Bits {
            let bytes: StoreBytes
            init(_ bytes: StoreBytes) { self.bytes = bytes }
        }
        let metrics = try metrics(StateStore<Bits>.custom("bits") { Bits($0) }) { bits in
            bits.bytes.set([1], of: [1])
            bits.bytes.set([2], of: [2])
            bits.bytes.set(nil, of: [1])
            #expect(try bits.bytes.value(of: [2]) == [2])
            try bits.bytes.scan { _, _ in true }
            try bits.bytes.scan(from: [2]) { _, _ in true }
        }
        #expect(totals(metrics) == ["put": 2, "delete": 1, "get": 1, "all": 1, "range": 1, "flush": 1])
        #expect(metrics.iterators.total == 2)
    }

    @Test func `ST-10 a bounded store counts what it pushes out as deleted`() throws {
        let store = StateStore<LRUMap<String, Int64>>.lruMap("s", maximumCount: 2, key: .string, value: .int64)
        let metrics = try metrics(store) { store in
            for key in ["a", "b", "c"] { try store.set(1, of: key) }
            #expect(try store.value(of: "a") == nil)
        }
        // The first walk learns what the last commit left.
        #expect(totals(metrics) == ["put": 3, "delete": 1, "get": 1, "all": 1, "flush": 1])
        #expect(metrics.keys == 2)
    }

    // MARK: Stores of operators

    @Test(arguments: [true, false])
    func `ST-10 an aggregation gets and puts once a record`(isCached: Bool) throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).groupByKey()
            .count(as: Materialized("s", cached: isCached)).toStream().to("out", key: .string, value: .int64)
        let metrics = try metrics(builder, [("in", "a", "", 1), ("in", "b", "", 2), ("in", "a", "", 3)])["s"]
        #expect(totals(metrics) == ["get": 3, "put": 3, "flush": 3])
        #expect(metrics?.cacheMisses == 3)
    }

    @Test func `ST-10 a join counts what it looks up in the store of its table, and a global one too`() throws {
        let builder = StreamsBuilder()
        let table = builder.table("table", key: .string, value: .string, as: Materialized("rows"))
        let global = builder.globalTable("global", key: .string, value: .string, as: "everywhere")
        builder.stream("in", key: .string, value: .string).leftJoin(table) { "\($0)\($1 ?? "")" }
            .leftJoin(global, on: { key, _ in key }) { "\($0)\($1 ?? "")" }
            .to("out", key: .string, value: .string)
        let metrics = try metrics(
            builder,
            [
                ("table", "a", "x", 1), ("global", "a", "y", 1), ("in", "a", "", 2), ("in", "b", "", 3),
                ("in", "c", "", 3),
            ])
        // The table itself reads the old row of its one record.
        #expect(totals(metrics["rows"]) == ["get": 4, "put": 1, "flush": 4])
        #expect(totals(metrics["everywhere"]) == ["get": 4, "put": 1, "flush": 1])
    }

    @Test func `ST-10 windowed aggregations count fetches and puts, and merged sessions as removed`() throws {
        let windows = StreamsBuilder()
        windows.stream("in", key: .string, value: .string).groupByKey()
            .windowedBy(TimeWindows(size: .seconds(10))).count(as: "s").writeWindows()
        let inputs: [Input] = [("in", "a", "", 1_000), ("in", "a", "", 2_000), ("in", "a", "", 12_000)]
        #expect(totals(try metrics(windows, inputs)["s"]) == ["fetch": 3, "put": 3, "flush": 3])

        let sessions = StreamsBuilder()
        sessions.stream("in", key: .string, value: .string).groupByKey()
            .windowedBy(SessionWindows(inactivityGap: .seconds(5))).count(as: "s").writeSessions()
        #expect(
            totals(try metrics(sessions, isCachingEnabled: false, inputs)["s"])
                == ["fetch": 3, "put": 3, "remove": 1, "flush": 3])
    }

    @Test func `ST-10 the list of an outer join's unmatched records counts what waits and what is told`() throws {
        let builder = StreamsBuilder()
        builder.stream("l", key: .string, value: .string)
            .outerJoin(
                builder.stream("r", key: .string, value: .string), JoinWindows.within(.seconds(1), grace: .zero)
            ) { "\($0 ?? "")\($1 ?? "")" }
            .to("out", key: .string, value: .string)
        let metrics = try metrics(
            builder, [("l", "a", "1", 0), ("l", "b", "2", 0), ("r", "a", "3", 500), ("l", "c", "4", 5_000)])
        let shared = try #require(metrics.first { $0.key.contains("OUTERSHARED") }?.value)
        // a and b wait; a is matched; c finds that b's window has closed, and waits itself. Each looks for what is due but the second.
        #expect(shared[.put].total == 3)
        #expect(shared[.delete].total == 2)
        #expect(shared[.all].total >= 1)
        let others = metrics.filter { !$0.key.contains("OUTERSHARED") }
        #expect(others.count == 2)
        #expect(others.values.map { $0[.put].total }.sorted() == [1, 3])
        #expect(others.values.map { $0[.fetch].total }.sorted() == [1, 3])
    }

    @Test func `ST-10 a suppression tells how much it holds back`() throws {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: Materialized("t"))
            .suppress(.untilTimeLimit(.seconds(10)))
            .toStream().to("out", key: .string, value: .string)
        let inputs: [Input] = [("in", "a", "1", 0), ("in", "b", "2", 1), ("in", "a", "3", 2)]
        func suppression(_ inputs: [Input]) throws -> StoreMetrics {
            try #require(try metrics(builder, inputs).first { $0.key != "t" }?.value)
        }
        let held = try suppression(inputs)
        #expect(totals(held) == ["get": 3, "put": 3, "flush": 3])
        #expect(held.held?.count == 2)
        let bytes = try #require(held.held?.bytes)
        #expect(bytes > 0)

        let released = try suppression(inputs + [("in", "c", "4", 10_001)])
        #expect(totals(released) == ["get": 4, "put": 4, "remove": 2, "flush": 4])
        #expect(released.held?.count == 1)
        #expect(released.held?.largestCount == 3)
        #expect(released.held.map { $0.bytes < bytes && $0.largestBytes > bytes } == true)
    }

    @Test func `ST-10 a join with grace tells how much it holds back`() throws {
        let builder = StreamsBuilder()
        let table = builder.table(
            "table", key: .string, value: .string, as: Materialized("t", history: .seconds(60)))
        builder.stream("in", key: .string, value: .string)
            .join(table, joined: Joined(gracePeriod: .seconds(5))) { $0 + $1 }
            .to("out", key: .string, value: .string)
        let metrics = try metrics(
            builder, [("table", "a", "x", 0), ("in", "a", "1", 0), ("in", "a", "2", 1_000), ("in", "a", "3", 6_000)])
        let buffer = try #require(metrics.first { $0.key != "t" }?.value)
        #expect(totals(buffer) == ["put": 3, "remove": 2, "flush": 4])
        #expect(buffer.held?.count == 1)
        #expect(buffer.held?.largestCount == 3)
        #expect(buffer.held.map { $0.bytes > 0 && $0.largestBytes > 2 * $0.bytes } == true)
        // The table reads the old row and puts a version; the two that were due read the one of their time.
        #expect(totals(metrics["t"]) == ["get": 3, "put": 1, "flush": 4])
    }

    @Test func `ST-10 the subscriptions of a foreign-key join count puts, deletions and looks by foreign key`() throws {
        let builder = StreamsBuilder()
        let left = builder.table("l", key: .string, value: .string, as: Materialized("left"))
        let right = builder.table("r", key: .string, value: .string, as: Materialized("right"))
        left.join(right, on: { $0 }) { "\($0)\($1)" }.toStream().to("out", key: .string, value: .string)
        let metrics = try metrics(builder, [("l", "a", "f", 0), ("r", "f", "x", 1), ("l", "a", nil, 2)])
        let subscriptions = try #require(metrics.first { !["left", "right"].contains($0.key) }?.value)
        #expect(subscriptions[.put].total == 1)
        #expect(subscriptions[.delete].total == 1)
        #expect(subscriptions[.prefixScan].total == 1)
    }

    // MARK: Levels

    @Test func `ST-10 times are taken at the level debug alone`() throws {
        let store = StateStore<KeyValueStore<String, Int64>>.keyValue("s", key: .string, value: .int64)
        for level in MetricsRecordingLevel.allCases {
            let metrics = try metrics(store, level: level) { store in
                for number in 0..<100 { try store.set(1, of: "\(number)") }
                _ = try store.all()
            }
            for count in [metrics[.put], metrics[.all], metrics[.flush], metrics.iterators] {
                #expect(count.total > 0)
                #expect((count.nanoseconds > 0) == (level == .debug))
                #expect((count.longestNanoseconds > 0) == (level == .debug))
                #expect(count.longestNanoseconds <= count.nanoseconds)
            }
            #expect(metrics[.get].total == 0 && metrics[.get].nanoseconds == 0)
        }
    }
}
