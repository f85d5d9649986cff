import Foundation
import Swiftwater
import Testing

@testable import SwiftwaterKafka

/// Queries of stores in memory on other threads than the one that writes.
@Suite struct MemoryCopyTests {
    private let folder = StateFolder()
    private let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)
    private let input = TopicPartition("in", 0)

    /// `counts` in memory, and "kept" on disk in the same task.
    private func topology() throws -> Topology {
        let builder = StreamsBuilder()
        let words = builder.stream("in", key: .string, value: .string).groupByKey()
        _ = words.count(as: Materialized("counts", storeType: .inMemory))
        _ = words.count(as: Materialized("kept"))
        return try builder.build()
    }

    private func open(_ directory: StateDirectory) throws -> TaskStores {
        let definitions = try topology().subtopology(0).stores
        #expect(definitions.map(\.name) == ["counts", "kept"])
        return TaskStores(try directory.stores("counts", "kept"), definitions)
    }

    private func stored(_ value: Int64) -> [UInt8] {
        withUnsafeBytes(of: Int64(5).bigEndian) { Array($0) } + withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private func write(_ entries: [String: Int64?], offset: Int64, to stores: TaskStores) throws {
        let changes = [WriteBuffer(seed: 1), WriteBuffer(seed: 1)]
        for (key, value) in entries { for buffer in changes { buffer.write(Array(key.utf8), value.map(stored)) } }
        try stores.commit(
            changes.enumerated().map { StoreChanges(store: $0, sorting: $1) },
            checkpoint: TaskCheckpoint(changelogOffsets: [0: 2 * offset, 1: 3 * offset], inputOffsets: [input: offset]))
    }

    private func copy(_ stores: TaskStores, inputs: [TopicPartition: Int64] = [:]) -> LocalCopy {
        LocalCopy(source: stores.disk.snapshots, isActive: true, inputs: inputs, memory: stores.memory)
    }

    private func ask<Answer>(
        _ query: StateQuery<ReadOnlyKeyValueStore<String, Int64>, Answer>,
        _ copy: LocalCopy,
        _ options: QueryOptions = QueryOptions(partitions: [0])
    ) throws -> StateQueryResult<Answer> {
        let queries = StoreQueries(try topology(), applicationID: "app")
        return try queries.answer(
            counts, query, options, at: try queries.place(of: "counts"), partitionCount: 1, copies: [0: copy])
    }

    @Test func `IQ-08 IQ-07 readers on other threads see whole commits while one writes, and never go back`()
        async throws
    {
        let stores = try open(folder.open())
        let keys = (0..<700).map { "k\($0)" }
        try write(["r0": 0], offset: 1, to: stores)
        let copy = self.copy(stores)
        let rounds: Int64 = 200
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var last: Int64 = 0
                    while last < rounds {
                        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [Int64]> { store in
                            // Twice: nothing moves while the query runs.
                            let all = try store.all()
                            #expect(try store.range(reverse: true) == all.reversed())
                            #expect(try store.approximateCount() == all.count)
                            return all.map(\.value)
                        }
                        let result = try ask(query, copy)
                        let values = try result.onlyAnswer
                        let round = try #require(values.first)
                        #expect(Set(values) == [round])
                        #expect(values.count == (round == 0 ? 1 : keys.count + 1))
                        // The position is that of the same commit: the offset before the next.
                        #expect(result.position == Position([input: round]))
                        #expect(round >= last)
                        last = round
                    }
                }
            }
            for round in 1...rounds {
                var entries: [String: Int64?] = ["r\(round - 1)": nil, "r\(round)": round]
                for key in keys { entries[key] = round }
                try write(entries, offset: round + 1, to: stores)
            }
            try await group.waitForAll()
        }
    }

    @Test func `IQ-08 what is committed during a query is not in it, and the thread reads its own`() throws {
        let stores = try open(folder.open())
        try write(["a": 1, "b": 1], offset: 1, to: stores)
        let copy = self.copy(stores)
        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [Int64]> { store in
            var found: [Int64] = []
            for round in 2...4 {
                try write(["a": Int64(round), "b": nil, "c": 9], offset: Int64(round), to: stores)
                found += try store.all().map(\.value)
            }
            return found
        }
        #expect(try ask(query, copy).onlyAnswer == [1, 1, 1, 1, 1, 1])
        #expect(try ask(.range(), copy).onlyAnswer.map(\.value) == [4, 9])
        let own = Array("a".utf8)
        #expect(try own.withUnsafeBytes { try stores.value(of: $0, in: 0).map { Array($0) } } == stored(4))
    }

    @Test func `IQ-08 ST-20 a view that is let out of its query reads nothing any more`() throws {
        let stores = try open(folder.open())
        try write(["a": 1], offset: 1, to: stores)
        var leaked: ReadOnlyKeyValueStore<String, Int64>?
        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Int64?> { store in
            leaked = store
            return try store.value(of: "a")
        }
        #expect(try ask(query, copy(stores)).onlyAnswer == 1)
        let error = #expect(throws: StreamsError.self) { try leaked?.value(of: "a") }
        #expect(error?.code == .invalidStateStore)
        #expect(error?.place.store == "counts")
        #expect(throws: StreamsError.self) { _ = try leaked?.all() }
    }

    @Test func `IQ-08 a store that is closed under a query is read to the end, and the next query is told`() throws {
        var stores: TaskStores? = try open(folder.open())
        try write(["a": 1, "b": 2], offset: 1, to: #require(stores))
        let copy = self.copy(try #require(stores))
        let query = StateQuery<ReadOnlyKeyValueStore<String, Int64>, [Int64]> { store in
            var found = [try store.value(of: "a")]
            try stores?.close()
            stores = nil
            found.append(try store.value(of: "b"))
            return found.compactMap { $0 } + (try store.all().map(\.value))
        }
        #expect(try ask(query, copy).onlyAnswer == [1, 2, 1, 2])
        let result = try ask(.key("a"), copy)
        #expect(result.failures[0]?.reason == .notPresent)
        #expect(result.failures[0]?.error.code == .stateStoreMigrated)
        let error = #expect(throws: StreamsError.self) { try copy.changelogOffsets() }
        #expect(error?.code == .stateStoreMigrated)
    }

    @Test func `IQ-03 IQ-06 positions and changelog offsets of stores in memory are those of their own commits`()
        throws
    {
        let stores = try open(folder.open())
        try write(["a": 1], offset: 4, to: stores)
        #expect(try ask(.key("a"), copy(stores)).position == Position([input: 3]))
        let restored = copy(stores, inputs: [input: 10, TopicPartition("new", 0): 0])
        #expect(try ask(.key("a"), restored).position == Position([input: 9]))
        #expect(try copy(stores).changelogOffsets() == [0: 8, 1: 12])
        try stores.removeAll(in: 0)
        #expect(try copy(stores).changelogOffsets() == [1: 12])
        #expect(try ask(.range(), copy(stores)).onlyAnswer.isEmpty)
    }
}
