import Swiftwater
import SwiftwaterTestKit
import Testing

/// The kinds of queries, asked of a driver: what a running application answers for one of its partitions.
@Suite struct StateQueryTests {
    private static let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)
    private static let windows = QueryableStore.window(
        "windows", key: .string, value: .int64, windowSize: .milliseconds(10))
    private typealias Counts = ReadOnlyKeyValueStore<String, Int64>
    private static let sessions = QueryableStore.session("sessions", key: .string, value: .int64)
    private static let prices = QueryableStore.versioned("prices", key: .string, value: .string)

    /// Counts the words of `in` in a table, in windows of 10 ms and in sessions of 5 ms; keeps the versions of `prices`.
    private func topology() throws -> Topology {
        let builder = StreamsBuilder()
        let words = builder.stream("in", key: .string, value: .string).groupByKey()
        _ = words.count(as: Materialized("counts"))
        _ = words.windowedBy(.tumbling(.milliseconds(10))).count(as: Materialized("windows", retention: .seconds(1)))
        _ = words.windowedBy(.session(gap: .milliseconds(5)))
            .count(as: Materialized("sessions", retention: .seconds(1)))
        _ = builder.table("prices", key: .string, value: .string, as: Materialized("prices", history: .seconds(1)))
        return try builder.build()
    }

    private func run(_ body: (TopologyTestDriver) throws -> Void) throws {
        try withTopologyTestDriver(try topology()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            let records: [(String, Timestamp)] = [("a", 0), ("b", 3), ("a", 4), ("a", 12), ("c", 12), ("a", 31)]
            for (key, time) in records { try input.pipe(key, "", timestamp: time) }
            try body(driver)
        }
    }

    @Test func `IQ-05 a key query tells the value, a timestamped one its time too`() throws {
        try run { driver in
            #expect(try driver.query(Self.counts, .key("a")).onlyAnswer == 4)
            #expect(try driver.query(Self.counts, .key("z")).onlyAnswer == nil)
            let entry = try driver.query(Self.counts, .timestampedKey("a")).onlyAnswer
            #expect(entry?.value == 4)
            #expect(entry?.timestamp == 31)
        }
    }

    @Test func `IQ-05 a range query has both bounds, either order and open ends`() throws {
        try run { driver in
            func keys(_ query: StateQuery<Counts, [Counts.Entry]>) throws -> String {
                try driver.query(Self.counts, query).onlyAnswer.map { "\($0.key)\($0.value)@\($0.timestamp)" }
                    .joined(separator: " ")
            }
            let all = try keys(.range())
            #expect(all == "a4@31 b1@3 c1@12")
            #expect(try keys(.range(reverse: true)) == "c1@12 b1@3 a4@31")
            #expect(try keys(.range(from: "b")) == "b1@3 c1@12")
            #expect(try keys(.range(to: "b", reverse: true)) == "b1@3 a4@31")
            #expect(try keys(.range(from: "b", to: "b")) == "b1@3")
            #expect(try keys(.range(from: "c", to: "a")).isEmpty)
        }
    }

    @Test func `IQ-05 windows are found by key and by time`() throws {
        try run { driver in
            let ofKey = try driver.query(Self.windows, .windows(of: "a", from: 0, to: 10)).onlyAnswer
            #expect(ofKey.map(\.start) == [0, 10])
            #expect(ofKey.map(\.value) == [2, 1])
            let latest = try driver.query(Self.windows, .windows(of: "a", reverse: true)).onlyAnswer
            #expect(latest.map(\.start) == [30, 10, 0])
            #expect(latest.first?.timestamp == 31)
            let all = try driver.query(Self.windows, .windows(from: 0, to: 10)).onlyAnswer
            let found = all.map { "\($0.key)=\($0.value)" }
            #expect(found == ["a@[0, 10]=2", "b@[0, 10]=1", "a@[10, 20]=1", "c@[10, 20]=1"])
        }
    }

    @Test func `IQ-05 sessions are found by key and by time`() throws {
        try run { driver in
            let ofKey = try driver.query(Self.sessions, .sessions(of: "a")).onlyAnswer
            #expect(ofKey.map { "\($0.window)=\($0.value)" } == ["[0, 4]=2", "[12, 12]=1", "[31, 31]=1"])
            let early = try driver.query(Self.sessions, .sessions(of: "a", earliestEnd: 4, latestStart: 12)).onlyAnswer
            #expect(early.count == 2)
            let all = try driver.query(Self.sessions, .sessions(from: 3, to: 12)).onlyAnswer
            #expect(
                all.map { "\($0.key)=\($0.value)" } == ["b@[3, 3]=1", "a@[0, 4]=2", "a@[12, 12]=1", "c@[12, 12]=1"])
        }
    }

    @Test func `IQ-05 versions are found as of a time and over a span, without deletions`() throws {
        try run { driver in
            let prices = try driver.inputTopic("prices", key: .string, value: .optional(.string))
            // Out of order, with a deletion in the middle.
            for (value, time) in [("one", 100), ("four", 400), (nil, 300), ("two", 200)] as [(String?, Timestamp)] {
                try prices.pipe("k", value, timestamp: time)
            }
            func asOf(_ time: Timestamp?) throws -> String? {
                try driver.query(Self.prices, .version(of: "k", asOf: time)).onlyAnswer?.value
            }
            #expect(try asOf(nil) == "four")
            #expect(try asOf(99) == nil)
            #expect(try asOf(100) == "one")
            #expect(try asOf(299) == "two")
            #expect(try asOf(300) == nil)
            #expect(try asOf(1_000) == "four")
            func span(_ from: Timestamp, _ to: Timestamp, reverse: Bool = false) throws -> [String] {
                try driver.query(Self.prices, .versions(of: "k", from: from, to: to, reverse: reverse)).onlyAnswer
                    .map { "\($0.value) \($0.timestamp)-\($0.validTo?.description ?? "")" }
            }
            let all = ["one 100-200", "two 200-300", "four 400-"]
            #expect(try span(0, 1_000) == all)
            #expect(try span(0, 1_000, reverse: true) == all.reversed())
            #expect(try span(150, 150) == ["one 100-200"])
            #expect(try span(200, 399) == ["two 200-300"])
            #expect(try span(300, 399).isEmpty)
            #expect(try span(0, 99).isEmpty)
            #expect(try span(400, 300).isEmpty)
            // Another key does not show, and history that is over does not either.
            try prices.pipe("other", "x", timestamp: 1_350)
            #expect(try span(0, 10_000) == ["four 400-"])
            #expect(try span(0, 349) == [])
        }
    }

    @Test func `IQ-04 a query of one's own reads one commit of the view`() throws {
        try run { driver in
            let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int64> { store in
                try store.all().reduce(0) { $0 + $1.value }
            }
            let result = try driver.query(Self.counts, query)
            #expect(try result.onlyAnswer == 6)
            #expect(result.partitions.map(\.partition) == [0])
            #expect(result.partitions[0].isActive)
        }
    }

    @Test func `IQ-04 what a query's function throws is the partition's failure`() throws {
        struct Refusal: Error {}
        try run { driver in
            let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int64> { _ in throw Refusal() }
            let result = try driver.query(Self.counts, query)
            #expect(result.failures[0]?.reason == .storeException)
            #expect(result.failures[0]?.cause is Refusal)
            let error = #expect(throws: StreamsError.self) { try result.onlyAnswer }
            #expect(error?.code == .stateStore)
            #expect(error?.place.store == "counts")
            #expect(error?.place.partition == 0)
        }
    }

    @Test func `IQ-04 a partition that the store does not have is told, not thrown`() throws {
        try run { driver in
            let result = try driver.query(Self.counts, .key("a"), partitions: [0, 7])
            #expect(result.answers == [0: 4])
            #expect(result.failures[7]?.reason == .doesNotExist)
            let error = #expect(throws: StreamsError.self) { try result.allAnswers }
            #expect(error?.code == .invalidStateStorePartition)
        }
    }

    @Test func `IQ-06 a position names the last record that counts, and a bound beyond it is refused`() throws {
        try run { driver in
            let result = try driver.query(Self.counts, .key("a"))
            // Six records were piped: the last has offset 5.
            let last = TopicPartition("in", 0)
            #expect(result.position.offsets == [last: 5])
            #expect(try driver.query(Self.counts, .key("a"), atLeast: result.position).onlyAnswer == 4)
            let ahead = Position([last: 6])
            #expect(try driver.query(Self.counts, .key("a"), atLeast: ahead).failures[0]?.reason == .notUpToBound)
            try driver.inputTopic("in", key: .string, value: .string).pipe("a", "", timestamp: 32)
            #expect(try driver.query(Self.counts, .key("a"), atLeast: ahead).onlyAnswer == 5)
            // Other partitions of a bound are other stores' business.
            let other = Position([TopicPartition("in", 3): 1_000])
            #expect(try driver.query(Self.counts, .key("a"), atLeast: other).onlyAnswer == 5)
        }
    }

    @Test func `IQ-06 positions merge to the later of both`() {
        let (a, b) = (TopicPartition("a", 0), TopicPartition("b", 1))
        let merged = Position([a: 3, b: 1]).merging(Position([a: 2, b: 4]))
        #expect(merged == Position([a: 3, b: 4]))
        #expect(merged.description == "a-0@3, b-1@4")
    }

    @Test func `IQ-01 E-07 a store is read like a collection, and wrong names and kinds are typed errors`() throws {
        try run { driver in
            let counts = driver.store(Self.counts)
            let value = try counts.value(of: "a")
            #expect(value == 4)
            #expect(try counts.entry(of: "c")?.timestamp == 12)
            #expect(try counts.all().map(\.key) == ["a", "b", "c"])
            #expect(try counts.range(from: "b", reverse: true).map(\.key) == ["c", "b"])
            #expect(try counts.prefixed(by: Array("b".utf8)).map(\.value) == [1])
            #expect(try counts.approximateCount() == 3)
            #expect(try driver.store(Self.windows).fetch("b").map(\.value) == [1])
            #expect(try driver.store(Self.windows).fetchAll().count == 5)
            #expect(try driver.store(Self.sessions).findSessions("b").map(\.value) == [1])
            #expect(try driver.store(Self.sessions).fetchAll().count == 5)
            #expect(try driver.store(Self.prices).record(of: "k") == nil)
            #expect(try driver.store(Self.prices).records(of: "k").isEmpty)

            let unknown = QueryableStore.keyValue("nothing", key: .string, value: .string)
            let missing = #expect(throws: StreamsError.self) { try driver.store(unknown).value(of: "a") }
            #expect(missing?.code == .unknownStateStore)
            #expect(missing?.message.contains("counts, prices, sessions, windows") == true)
            let wrong = QueryableStore.session("counts", key: .string, value: .int64)
            let kind = #expect(throws: StreamsError.self) { try driver.query(wrong, .sessions(of: "a")) }
            #expect(kind?.code == .invalidStateStore)
            #expect(kind?.message.contains("a key-value store") == true)
        }
    }

    @Test func `IQ-04 a key finds its partition by the default partitioner, a function, or all are asked`() throws {
        let placed = QueryableStore.keyValue(
            "counts", key: .string, value: .int64, placement: .by { key, count in key == "a" ? count + 6 : 0 })
        let anywhere = QueryableStore.keyValue("counts", key: .string, value: .int64, placement: .anywhere)
        try run { driver in
            let outside = try driver.query(placed, .key("a"))
            #expect(outside.failures[7]?.reason == .doesNotExist)
            #expect(try driver.query(placed, .key("b")).onlyAnswer == 1)
            #expect(try driver.query(anywhere, .key("a")).answers == [0: 4])
        }
    }

    @Test func `T-09 a table tells the name that its store is queried by`() throws {
        let builder = StreamsBuilder()
        let table = builder.table("t", key: .string, value: .string, as: "kept")
        #expect(table.queryableStoreName == "kept")
        #expect(table.filter { _, _ in true }.queryableStoreName == nil)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("t", key: .string, value: .string).pipe("k", "v")
            let kept = QueryableStore.keyValue(
                try #require(table.queryableStoreName), key: .string, value: .string)
            #expect(try driver.store(kept).value(of: "k") == "v")
        }
    }
}
