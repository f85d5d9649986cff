import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// Where stores lie in a running application, and what becomes of them at a restart.
@Suite(.integration) struct StoreKindTests {
    private typealias Counts = KeyValueStore<String, Int64>

    private struct Kinds {
        var counts = StateStore<Counts>.keyValue("counts", key: .string, value: .int64)
        var windows: StateStore<WindowStore<String, Int64>>?

        static func make(
            _ type: Materialized<String, Int64>.StoreType, logged: Bool = true, windows: Bool = false
        ) -> Kinds {
            Kinds(
                counts: .keyValue("counts", key: .string, value: .int64, storeType: type, logged: logged),
                windows: windows
                    ? StateStore<WindowStore<String, Int64>>.window(
                        "windows", key: .string, value: .int64, retention: .seconds(3_600), windowSize: .seconds(60),
                        storeType: type, logged: logged) : nil
            )
        }
    }

    /// `counts` gets each word with how often it came, by the store of the test; beside it "kept" counts on disk in the same task.
    private func counting(_ fixture: StreamsFixture, _ kinds: Kinds) throws -> Topology {
        let builder = StreamsBuilder()
        let counts = builder.addStateStore(kinds.counts)
        let kept = builder.addStateStore(StateStore<Counts>.keyValue("kept", key: .string, value: .int64))
        let windows = kinds.windows.map { builder.addStateStore($0) }
        var stores: [any ConnectedStore] = [counts, kept]
        if let windows { stores.append(windows) }
        builder.stream(fixture.topic("words"), key: .string, value: .string)
            .processValues(stores: stores) { (context: FixedKeyProcessorContext<String, Int64>) in
                let counts = try context.store(counts)
                let kept = try context.store(kept)
                let windows = try windows.map { try context.store($0) }
                return { word in
                    let count = (try counts.value(of: word.key) ?? 0) + 1
                    try counts.set(count, of: word.key)
                    try kept.set((try kept.value(of: word.key) ?? 0) + 1, of: word.key)
                    let start = Timestamp(milliseconds: 0)
                    let windowed = (try windows?.value(of: word.key, start: start) ?? 0) + 1
                    try windows?.put(windowed, of: word.key, start: start)
                    try context.forward(word.with(value: windows == nil ? count : min(count, windowed)))
                }
            }
            .to(fixture.topic("counts"), key: .string, value: .int64)
        return try builder.build()
    }

    /// Counts words until all are processed; the counts that were written last, and what was restored.
    private func run(
        _ fixture: StreamsFixture, _ topology: Topology, _ words: String, directory: String = "a",
        guarantee: ProcessingGuarantee = .atLeastOnce
    ) async throws -> (counts: [String: Int64], restores: [StateRestore]) {
        let records = words.split(separator: " ").map { Sent.text("", key: String($0), timestamp: 1_000) }
        try await fixture.cluster.send(records, to: fixture.topic("words"))
        let log = RestoreLog()
        let application = try fixture.application(topology, directory: directory) {
            $0.restoreListener = log
            $0.processingGuarantee = guarantee
        }
        try await application.start()
        try await fixture.waitUntilCommitted(["words"], group: "app")
        try await application.stop()
        return (try await fixture.lastCounts(in: "counts"), log.restores)
    }

    private func withTopics(_ body: (StreamsFixture) async throws -> Void) async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["words", "counts"] { try await fixture.create(topic, partitions: 1) }
            try await body(fixture)
        }
    }

    @Test(arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `ST-15 ST-01 stores in memory are not on disk, and come back whole from their changelogs at each start`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await withTopics { fixture in
            let topology = try counting(fixture, .make(.inMemory, windows: true))
            let first = try await run(fixture, topology, "a b a", guarantee: guarantee)
            #expect(first.counts == ["a": 2, "b": 1])
            let root = try fixture.application(topology).configuration.stateDirectory
            do {
                let directory = try StateDirectory(root: root, applicationID: fixture.topic("app"))
                let stores = topology.subtopologies.flatMap(\.stores)
                let names = stores.map(\.name)
                #expect(names == ["counts", "kept", "windows"])
                let changelogs = stores.map {
                    "\($0.changelogTopic(applicationID: fixture.topic("app"))) (\($0.layout))"
                }.joined(separator: " ")
                let backend = try directory.open(task: "0_0", stores: names, changelogs: changelogs)
                #expect(backend.origin == .kept)
                #expect(try names.indices.map { try backend.approximateCount(of: $0) } == [0, 2, 0])
                #expect(try backend.checkpoint().changelogOffsets.keys.sorted() == [1])
                try backend.close()
            }
            let second = try await run(fixture, topology, "a b c", guarantee: guarantee)
            #expect(second.counts == ["a": 3, "b": 2, "c": 1])
            // Of the store on disk there is a transaction's marker to be read at most.
            #expect(second.restores.filter { $0.store == "kept" }.allSatisfy { $0.restoredRecords == 0 })
            let volatile = second.restores.filter { $0.store != "kept" }
            #expect(Set(volatile.map(\.store)) == ["counts", "windows"])
            #expect(volatile.allSatisfy { $0.startingOffset == 0 && $0.restoredRecords == 2 })
        }
    }

    @Test func `ST-14 a store without a changelog outlives a restart on its disk, and nothing else`() async throws {
        try await withTopics { fixture in
            let topology = try counting(fixture, .make(.persistent, logged: false, windows: true))
            let first = try await run(fixture, topology, "a b a")
            let second = try await run(fixture, topology, "a")
            #expect(first.counts == ["a": 2, "b": 1])
            #expect(second.counts == ["a": 3, "b": 1])
            #expect(second.restores.isEmpty)
            let elsewhere = try await run(fixture, topology, "a b", directory: "another machine")
            #expect(elsewhere.counts == ["a": 1, "b": 1])
            #expect(Set(elsewhere.restores.map(\.store)) == ["kept"])
            let topics = try await Blocking.run {
                try fixture.cluster.admin().metadata(timeout: TestCluster.limit).topics.map(\.name)
            }
            #expect(topics.contains(fixture.topic("app-kept-changelog")))
            #expect(!topics.contains(fixture.topic("app-counts-changelog")))
        }
    }

    @Test func `ST-14 ST-15 a store in memory without a changelog begins anew at each start`() async throws {
        try await withTopics { fixture in
            let topology = try counting(fixture, .make(.inMemory, logged: false))
            #expect(try await run(fixture, topology, "a b a").counts == ["a": 2, "b": 1])
            let second = try await run(fixture, topology, "a")
            #expect(second.counts == ["a": 1, "b": 1])
            #expect(second.restores.isEmpty)
        }
    }

    @Test func `R-25 an application whose source topic is deleted ends with an error that names it`() async throws {
        try await withTopics { fixture in
            let application = try fixture.application(counting(fixture, .make(.persistent))) {
                $0.metadataInterval = .milliseconds(200)
            }
            let running = Task { try await application.run() }
            try await application.wait(for: .running)
            let topic = fixture.topic("words")
            try await Blocking.run {
                try fixture.cluster.admin().deleteTopics([topic], timeout: TestCluster.limit).check()
            }
            let error = await #expect(throws: StreamsError.self) { try await running.value }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.topic == topic)
        }
    }
}
