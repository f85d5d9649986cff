import Swiftwater
import SwiftwaterKafka
import Synchronization
import Testing

/// Stores of running applications, asked while they work.
@Suite(.integration) struct QueryTests {
    private static let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)

    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { "w\($0 % 7) w\($0 % 11) w\($0 % 13)" }
    }

    private static func expected(_ lines: [String]) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for line in lines { for word in line.split(separator: " ") { counts[String(word), default: 0] += 1 } }
        return counts
    }

    private func all(_ applications: StreamsApplication...) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for application in applications {
            for entry in try application.store(Self.counts).all() { found[entry.key] = entry.value }
        }
        return found
    }

    @Test(arguments: [StoreType.persistent, .inMemory])
    func `IQ-01 IQ-03 IQ-04 two instances answer for the partitions that they have, and nobody for both`(
        storeType: StoreType
    ) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 4)
            try await fixture.create("counts", partitions: 1)
            let lines = Self.lines(200)
            let expected = Self.expected(lines)
            try await fixture.produce(lines, to: "lines")
            let topology = try fixture.wordCount(storeType: storeType)
            let first = try fixture.application(topology, directory: "a")
            let second = try fixture.application(topology, directory: "b")
            try await first.start()
            try await second.start()
            // Each has two of the four partitions, and all is committed.
            try await eventually("the counts of both") {
                guard first.state == .running, second.state == .running else { return false }
                let parts = try [first, second].map { try $0.query(Self.counts, .range()) }
                guard parts.allSatisfy({ $0.partitions.count == 2 && $0.failures.isEmpty }) else { return false }
                return (try? all(first, second)) == expected
            }
            let mine = Set(try first.query(Self.counts, .range()).partitions.map(\.partition))
            let theirs = Set(try second.query(Self.counts, .range()).partitions.map(\.partition))
            #expect(mine.union(theirs) == [0, 1, 2, 3])
            #expect(mine.isDisjoint(with: theirs))
            for (word, count) in expected {
                let answers = try [first, second].map { try $0.query(Self.counts, .key(word)) }
                // The key's partition is asked, here or there.
                #expect(answers[0].partitions.map(\.partition) == answers[1].partitions.map(\.partition))
                let partition = try #require(answers[0].partitions.first?.partition)
                let (owner, other) = mine.contains(partition) ? (answers[0], answers[1]) : (answers[1], answers[0])
                #expect(try owner.onlyAnswer == count, "\(word)")
                #expect(owner.position.offsets.keys.allSatisfy { $0.partition == partition })
                #expect(other.failures[partition]?.reason == .notPresent)
                let error = #expect(throws: StreamsError.self) { try other.onlyAnswer }
                #expect(error?.code == .stateStoreMigrated)
            }
            let lags = try await first.localStorePartitionLags()
            let lagging = try #require(lags["counts"])
            #expect(Set(lagging.keys) == mine)
            #expect(lagging.values.allSatisfy { $0.lag == 0 && $0.currentOffset > 0 })
            try await second.stop()
            try await eventually("the first has all") { (try? all(first).count) == expected.count }
            #expect(try all(first) == expected)
            try await first.stop()
        }
    }

    @Test func `E-07 IQ-01 before the start and after the end, and for an unknown store, the error says which`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(try fixture.wordCount())
            let before = #expect(throws: StreamsError.self) { try application.query(Self.counts, .key("a")) }
            #expect(before?.code == .streamsNotStarted)
            try await application.start()
            try await application.wait(for: .running)
            #expect(try application.store(Self.counts).value(of: "a") == nil)
            let unknown = QueryableStore.keyValue("names", key: .string, value: .int64)
            let missing = #expect(throws: StreamsError.self) { try application.query(unknown, .key("a")) }
            #expect(missing?.code == .unknownStateStore)
            try await application.stop()
            let after = #expect(throws: StreamsError.self) { try application.query(Self.counts, .key("a")) }
            #expect(after?.code == .streamsStopped)
            await #expect(throws: StreamsError.self) { try await application.localStorePartitionLags() }
        }
    }

    @Test(arguments: [StoreType.persistent, .inMemory])
    func `IQ-06 IQ-08 while records are counted every answer is a commit, and a bound is waited for`(
        storeType: StoreType
    ) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("words", partitions: 1)
            let builder = StreamsBuilder()
            _ = builder.stream(fixture.topic("words"), key: .optional(.string), value: .string)
                .map { _, word in (word, word) }
                .groupByKey(key: .string, value: .string)
                .count(as: Materialized("counts", storeType: storeType))
            let application = try fixture.application(try builder.build())
            try await application.start()
            try await application.wait(for: .running)
            let rounds = 20
            let repartition = TopicPartition(fixture.topic("app-counts-repartition"), 0)
            let asking = Task {
                var last = Position()
                var counts: [String: Int64] = [:]
                while counts["even", default: 0] < Int64(rounds * 50) {
                    try Task.checkCancellation()
                    let result = try application.query(Self.counts, .range())
                    for entry in try result.onlyAnswer {
                        #expect(entry.value >= counts[entry.key, default: 0])
                        counts[entry.key] = entry.value
                    }
                    #expect(last.merging(result.position) == result.position)
                    last = result.position
                    await Task.yield()
                }
                return counts
            }
            for _ in 0..<rounds {
                try await fixture.produce((0..<100).map { $0 % 2 == 0 ? "even" : "odd" }, to: "words")
            }
            #expect(try await asking.value["even"] == Int64(rounds * 50))
            try await eventually("all is counted") {
                try application.store(Self.counts).value(of: "odd") == Int64(rounds * 50)
            }
            let reached = try application.query(Self.counts, .key("odd")).position
            let next = Position(reached.offsets.mapValues { $0 + 1 })
            #expect(reached.offsets.keys.contains(repartition))
            #expect(try application.query(Self.counts, .key("odd"), atLeast: reached).onlyAnswer == Int64(rounds * 50))
            #expect(
                try application.query(Self.counts, .key("odd"), atLeast: next).failures[0]?.reason == .notUpToBound)
            try await fixture.produce(["odd"], to: "words")
            try await eventually("the bound is reached") {
                let result = try application.query(Self.counts, .key("odd"), atLeast: next)
                guard result.failures.isEmpty else { return false }
                #expect(try result.onlyAnswer == Int64(rounds * 50 + 1))
                return true
            }
            try await application.stop()
        }
    }

    @Test(arguments: [StoreType.persistent, .inMemory])
    func `S-106 IQ-04 IQ-08 in rebalances partitions come and go, and no answer is wrong`(
        storeType: StoreType
    ) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 4)
            try await fixture.create("counts", partitions: 1)
            let lines = Self.lines(150)
            let expected = Self.expected(lines)
            try await fixture.produce(lines, to: "lines")
            let topology = try fixture.wordCount(storeType: storeType)
            let first = try fixture.application(topology, directory: "a")
            try await first.start()
            try await eventually("all is counted") {
                (try? all(first)) == expected
            }
            // From now on nothing changes but who has what.
            let asking = Task {
                var reasons: Set<QueryFailure.Reason> = []
                while !Task.isCancelled {
                    for (word, count) in expected {
                        let strict = try first.query(Self.counts, .key(word))
                        for entry in strict.partitions {
                            switch entry.outcome {
                            case .success(let found): #expect(found == count, "\(word)")
                            case .failure(let failure): reasons.insert(failure.reason)
                            }
                        }
                        // Suspended stores are complete here. Those that restore here have all on disk, or in memory as much as
                        // they have read.
                        let stale = try first.query(Self.counts, .key(word), includingStale: true)
                        for answer in stale.answers.values {
                            #expect(storeType == .inMemory ? (answer ?? 0) <= count : answer == count || answer == nil)
                        }
                    }
                    await Task.yield()
                }
                return reasons
            }
            for round in 0..<2 {
                let second = try fixture.application(topology, directory: "b\(round)")
                try await second.start()
                try await eventually("they share the partitions") {
                    let parts = try [first, second].map { try $0.query(Self.counts, .range()) }
                    return parts.allSatisfy { $0.partitions.count == 2 && $0.failures.isEmpty }
                }
                try await second.stop()
                try await eventually("the first has all again") { (try? all(first)) == expected }
            }
            asking.cancel()
            let reasons = try await asking.value
            #expect(reasons.isSubset(of: [.notPresent, .notActive]))
            #expect(reasons.contains(.notPresent))
            try await first.stop()
        }
    }

    @Test
    func `IQ-05 ST-15 ST-14 every kind of query is answered by stores in memory, logged or not, and by an LRU map`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            for topic in ["words", "prices"] { try await fixture.create(topic, partitions: 1) }
            let builder = StreamsBuilder()
            let stream = builder.stream(fixture.topic("words"), key: .string, value: .string)
            let words = stream.groupByKey()
            _ = words.count(as: Materialized("counts", storeType: .inMemory))
            _ = words.count(as: Materialized("unlogged", logged: false, storeType: .inMemory))
            _ = words.windowedBy(.tumbling(.milliseconds(10)))
                .count(as: Materialized("windows", storeType: .inMemory, retention: .seconds(60)))
            _ = words.windowedBy(.session(gap: .milliseconds(5)))
                .count(as: Materialized("sessions", storeType: .inMemory, retention: .seconds(60)))
            _ = builder.table(
                fixture.topic("prices"), key: .string, value: .string,
                as: Materialized("prices", storeType: .inMemory, history: .seconds(60)))
            let recent = builder.addStateStore(
                .lruMap("recent", maximumCount: 2, key: .string, value: .string))
            stream.process(stores: [recent]) { (context: ProcessorContext<String, String>) in
                let recent = try context.store(recent)
                return { record in try recent.set(record.value, of: record.key) }
            }
            let cluster = fixture.cluster
            let records: [(String, Int64)] = [("a", 1), ("b", 3), ("a", 4), ("a", 12), ("c", 12), ("a", 31)]
            try await cluster.send(
                records.map { .text("\($0.0)@\($0.1)", key: $0.0, timestamp: $0.1) }, to: fixture.topic("words"))
            try await cluster.send(
                [.text("1", key: "a", timestamp: 10), .text("2", key: "a", timestamp: 20)], to: fixture.topic("prices"))
            let application = try fixture.application(try builder.build())
            try await application.start()
            let prices = QueryableStore.versioned("prices", key: .string, value: .string)
            try await eventually("all is committed") {
                guard application.state == .running else { return false }
                let counts = try application.query(Self.counts, .range())
                let versions = try application.query(prices, .versions(of: "a"))
                return counts.answers[0]?.map(\.value) == [4, 1, 1] && versions.answers[0]?.count == 2
            }
            let all = application.store(Self.counts)
            #expect(try all.value(of: "a") == 4)
            #expect(try all.entry(of: "a")?.timestamp == 31)
            #expect(try all.range(from: "b", reverse: true).map(\.key) == ["c", "b"])
            #expect(try all.approximateCount() == 3)
            let unlogged = QueryableStore.keyValue("unlogged", key: .string, value: .int64)
            #expect(try application.query(unlogged, .key("a")).onlyAnswer == 4)
            let windows = application.store(
                .window("windows", key: .string, value: .int64, windowSize: .milliseconds(10)))
            #expect(try windows.fetch("a").map(\.start) == [0, 10, 30])
            #expect(try windows.fetchAll(from: 0, to: 10).map(\.value) == [2, 1, 1, 1])
            let sessions = application.store(.session("sessions", key: .string, value: .int64))
            let found = try sessions.findSessions("a").map { "\($0.window)=\($0.value)" }
            #expect(found == ["[1, 4]=2", "[12, 12]=1", "[31, 31]=1"])
            #expect(try application.store(prices).record(of: "a", asOf: 15)?.value == "1")
            #expect(try application.store(prices).record(of: "a")?.value == "2")
            let kept = application.store(.keyValue("recent", key: .string, value: .string))
            #expect(try kept.all().map(\.value) == ["a@31", "c@12"])
            let lags = try await application.localStorePartitionLags()
            #expect(lags["counts"]?[0].map { $0.currentOffset > 0 && $0.lag == 0 } == true)
            try await application.stop()
        }
    }

    @Test func `IQ-01 B-03 every instance answers for all of a global table`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("cities", partitions: 3)
            try await fixture.create("events", partitions: 1)
            let topic = fixture.topic("cities")
            try await fixture.cluster.send(
                [.text("Rome", key: "c1", partition: 2), .text("Oslo", key: "c2", partition: 0)], to: topic)
            let builder = StreamsBuilder()
            _ = builder.globalTable(topic, key: .string, value: .string, as: "cities")
            builder.stream(fixture.topic("events"), key: .string, value: .string).foreach { _, _ in }
            let application = try fixture.application(try builder.build())
            try await application.start()
            try await application.wait(for: .running)
            let cities = QueryableStore.keyValue("cities", key: .string, value: .string)
            #expect(try application.store(cities).all().map(\.value) == ["Rome", "Oslo"])
            let rome = try application.query(cities, .key("c1"))
            #expect(try rome.onlyAnswer == "Rome")
            #expect(rome.position == Position([TopicPartition(topic, 2): 0, TopicPartition(topic, 0): 0]))
            let later = Position([TopicPartition(topic, 2): 1])
            #expect(try application.query(cities, .key("c1"), atLeast: later).failures[0]?.reason == .notUpToBound)
            try await application.stop()
        }
    }

    @Test(arguments: [StoreType.persistent, .inMemory])
    func `IQ-07 what a transaction takes back was never seen`(storeType: StoreType) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("words", partitions: 1)
            let processed = Processed()
            func topology(failing: Bool) throws -> Topology {
                let builder = StreamsBuilder()
                let seen = builder.addStateStore(
                    .keyValue("seen", key: .string, value: .string, storeType: storeType))
                builder.stream(fixture.topic("words"), key: .optional(.string), value: .string)
                    .process(stores: [seen]) { (context: ProcessorContext<String, String>) in
                        let seen = try context.store(seen)
                        return { record in
                            if failing, record.value == "poison" { throw CancellationError() }
                            try seen.set(record.value, of: record.value)
                            processed.add()
                        }
                    }
                    .foreach { _, _ in }
                return try builder.build()
            }
            // Its keys are none of the records', so that all partitions are asked.
            let seen = QueryableStore.keyValue("seen", key: .string, value: .string, placement: .anywhere)
            let doomed = try fixture.application(try topology(failing: true)) {
                $0.processingGuarantee = .exactlyOnce
                // No commit before the failure.
                $0.commitInterval = .seconds(50)
                $0.transactionTimeout = .seconds(60)
            }
            try await doomed.start()
            try await doomed.wait(for: .running)
            try await fixture.produce((0..<50).map { "word\($0)" }, to: "words")
            try await eventually("all are processed and none is committed") {
                let found = try doomed.store(seen).all()
                #expect(found.isEmpty)
                return processed.count == 50
            }
            #expect(try doomed.store(seen).all().isEmpty)
            #expect(try doomed.store(seen).value(of: "word1") == nil)
            try await fixture.produce(["poison"], to: "words")
            await #expect(throws: StreamsError.self) { try await doomed.wait(for: .stopped) }

            let healed = try fixture.application(try topology(failing: false)) {
                $0.processingGuarantee = .exactlyOnce
            }
            try await healed.start()
            try await eventually("what was taken back is processed") {
                guard healed.state == .running else { return false }
                let found = try healed.query(seen, .range())
                return found.answers.values.flatMap { $0 }.count == 51
            }
            #expect(try healed.store(seen).value(of: "poison") == "poison")
            try await healed.stop()
        }
    }
}

/// How many records a processor has seen.
private final class Processed: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() {
        number.withLock { $0 += 1 }
    }
}
