import Foundation
import LMDB
import Swiftwater
import Testing

@testable import SwiftwaterKafka

/// Queries over LMDB on other threads than the one that writes.
@Suite struct LocalCopyTests {
    let folder = StateFolder()
    private let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)

    private func topology() throws -> Topology {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string).groupByKey().count(as: Materialized("counts"))
        return try builder.build()
    }

    private func stored(_ value: Int64) -> [UInt8] {
        withUnsafeBytes(of: Int64(5).bigEndian) { Array($0) } + withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private func write(_ entries: [String: Int64], offset: Int64, to backend: LMDBStateBackend) throws {
        try backend.commit(
            entries.map { (Array($0.key.utf8), stored($0.value)) }, to: 0,
            TaskCheckpoint(inputOffsets: [TopicPartition("in", 0): offset]))
    }

    private func ask<Answer>(
        _ query: StateQuery<ReadOnlyKeyValueStore<String, Int64>, Answer>,
        _ copies: [Int32: LocalCopy],
        _ options: QueryOptions = QueryOptions()
    ) throws -> StateQueryResult<Answer> {
        let queries = StoreQueries(try topology(), applicationID: "app")
        return try queries.answer(
            counts, query, options, at: try queries.place(of: "counts"), partitionCount: 4, copies: copies)
    }

    private func copy(_ backend: LMDBStateBackend, isActive: Bool = true, inputs: [TopicPartition: Int64] = [:])
        -> LocalCopy
    {
        LocalCopy(source: backend.snapshots, isActive: isActive, inputs: inputs)
    }

    @Test func `IQ-08 IQ-07 readers on other threads see whole commits while one writes, and never go back`()
        async throws
    {
        let backend = try folder.open().stores("counts")
        try write(["a": 0, "b": 0], offset: 1, to: backend)
        let copies: [Int32: LocalCopy] = [0: copy(backend)]
        let rounds: Int64 = 300
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var last: Int64 = 0
                    while last < rounds {
                        let pair = StateQuery<ReadOnlyKeyValueStore<String, Int64>, (Int64?, Int64?)> { store in
                            (try store.value(of: "a"), try store.all().last?.value)
                        }
                        let result = try ask(pair, copies)
                        let (a, b) = try result.onlyAnswer
                        #expect(a == b)
                        let position = try #require(result.position.offsets[TopicPartition("in", 0)])
                        // The position is that of the same commit.
                        #expect(position == a)
                        let count = try #require(a)
                        #expect(count >= last)
                        last = count
                    }
                }
            }
            for round in 1...rounds { try write(["a": round, "b": round], offset: round + 1, to: backend) }
            try await group.waitForAll()
        }
        #expect(try backend.statistics().readers <= 5)
    }

    @Test func `IQ-08 ST-20 a view that is let out of its query reads nothing any more and holds no reader`() throws {
        let backend = try folder.open().stores("counts")
        try write(["a": 1], offset: 1, to: backend)
        var leaked: ReadOnlyKeyValueStore<String, Int64>?
        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int64?> { store in
            leaked = store
            return try store.value(of: "a")
        }
        let readers = try backend.statistics().readers
        #expect(try ask(query, [0: copy(backend)]).answers == [0: 1])
        #expect(try backend.statistics().readers == readers)
        let error = #expect(throws: StreamsError.self) { try leaked?.value(of: "a") }
        #expect(error?.code == .invalidStateStore)
        #expect(error?.message.contains("the query is over") == true)
        #expect(throws: StreamsError.self) { _ = try leaked?.all() }
    }

    @Test func `IQ-08 a store that is closed under a query is read to the end, and the next query is told`() throws {
        let directory = try folder.open("app", .init(patience: .milliseconds(20)))
        let backend = try directory.stores("counts")
        try write(["a": 1, "b": 2], offset: 1, to: backend)
        let copies: [Int32: LocalCopy] = [0: copy(backend)]
        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [Int64]> { store in
            let first = try store.value(of: "a")
            try backend.close()
            return [first, try store.value(of: "b")].compactMap { $0 }
        }
        #expect(try ask(query, copies).answers == [0: [1, 2]])
        let result = try ask(.key("a"), copies, QueryOptions(partitions: [0]))
        #expect(result.failures[0]?.reason == .notPresent)
        #expect(result.failures[0]?.error.code == .stateStoreMigrated)
    }

    @Test func `ST-20 the views that queries hold are counted from their beginning to their end`() throws {
        let backend = try folder.open().stores("counts")
        try write(["a": 1], offset: 1, to: backend)
        let before = SystemClock().now()
        let inner = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int> { _ in backend.openViews.standing.count }
        let outer = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [Int]> { _ in
            let (count, since) = backend.openViews.standing
            let oldest = try #require(since)
            #expect((before...SystemClock().now()).contains(oldest))
            let nested = try ask(inner, [0: copy(backend)]).onlyAnswer
            #expect(backend.openViews.standing.since == oldest)
            return [count, nested]
        }
        #expect(try ask(outer, [0: copy(backend)]).onlyAnswer == [1, 2])
        #expect(backend.openViews.standing.count == 0)
        #expect(backend.openViews.standing.since == nil)
        let failing = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int> { _ in throw CancellationError() }
        _ = try? ask(failing, [0: copy(backend)])
        #expect(backend.openViews.standing.count == 0)
    }

    @Test func `IQ-04 a copy that restores answers only those who ask for stale ones`() throws {
        let backend = try folder.open().stores("counts")
        try write(["a": 1], offset: 1, to: backend)
        let copies: [Int32: LocalCopy] = [2: copy(backend, isActive: false)]
        let strict = try ask(.key("a"), copies, QueryOptions(partitions: [1, 2]))
        #expect(strict.failures[2]?.reason == .notActive)
        #expect(strict.failures[2]?.error.code == .stateStoreNotAvailable)
        #expect(strict.failures[1]?.reason == .notPresent)
        let stale = try ask(.key("a"), copies, QueryOptions(partitions: [2], includesStale: true))
        #expect(try stale.onlyAnswer == 1)
        #expect(stale.partitions[0].isActive == false)
    }

    @Test func `IQ-06 a copy that was restored has the position of the group's offsets`() throws {
        let backend = try folder.open().stores("counts")
        let input = TopicPartition("in", 0)
        try write(["a": 1], offset: 3, to: backend)
        let restored = copy(backend, inputs: [input: 10, TopicPartition("new", 0): 0])
        #expect(try ask(.key("a"), [0: restored], QueryOptions(partitions: [0])).position == Position([input: 9]))
        let own = copy(backend, inputs: [input: 1])
        #expect(try ask(.key("a"), [0: own], QueryOptions(partitions: [0])).position == Position([input: 2]))
    }

    @Test func `IQ-04 a query of all partitions asks those that are here`() throws {
        let directory = try folder.open()
        let (first, second) = (try directory.stores("counts"), try directory.stores("counts", task: "0_3"))
        try write(["a": 1], offset: 1, to: first)
        try write(["b": 2, "c": 3], offset: 1, to: second)
        let copies: [Int32: LocalCopy] = [3: copy(second), 0: copy(first)]
        let result = try ask(.range(), copies)
        #expect(result.partitions.map(\.partition) == [0, 3])
        #expect(try result.allAnswers.flatMap { $0 }.map(\.key) == ["a", "b", "c"])
    }
}
