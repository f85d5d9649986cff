import Foundation
import RDKafka
import Synchronization
import Testing

/// Compaction under real clients; never a cluster of the user, which compacts when it pleases.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "is about the embedded broker"))
struct CompactedTopicTests {
    private static let configuration = [
        "cleanup.policy": "compact", "segment.bytes": "1000000", "min.cleanable.dirty.ratio": "0.2",
    ]

    /// `SWIFTWATER_CHANGELOG_UPDATES` makes it a longer one.
    private static var updates: Int {
        ProcessInfo.processInfo.environment["SWIFTWATER_CHANGELOG_UPDATES"].flatMap { Int($0) } ?? 200_000
    }

    private static func make(_ topic: String, _ own: [String: String], on cluster: TestCluster) async throws {
        let all = configuration.merging(own) { _, new in new }
        try await Blocking.run {
            try cluster.admin().createTopics(
                [NewTopic(topic, partitions: 1, configuration: all)], timeout: TestCluster.limit
            ).check()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a changelog is compacted while it is written and restored, and the fold is the same`() async throws {
        let log = Changelog(updates: Self.updates, keys: 10_000)
        let expected = log.fold(log.updates)
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        try await broker.running(["--cleanup-interval", "1"]) { process in
            let cluster = TestCluster(broker.bootstrapServers)
            try await Self.make("changelog", [:], on: cluster)
            let isWritten = Mutex(false)
            async let writing: Void = Blocking.run {
                defer { isWritten.withLock { $0 = true } }
                try log.write(to: "changelog", on: cluster)
            }
            var restorations = 0
            while !isWritten.withLock({ $0 }) {
                let restored = try await Blocking.run {
                    let end = try cluster.endOffsets("changelog")[0] ?? 0
                    return (end, try log.restore(from: "changelog", to: end, on: cluster))
                }
                restorations += 1
                #expect(restored.1.wrong == nil)
                // What is written after the end may have replaced what was before it.
                let later = Set((Int(restored.0)..<log.updates).map(log.key))
                let known = log.fold(Int(restored.0)).filter { !later.contains($0.key) }
                #expect(restored.1.fold.filter { !later.contains($0.key) } == known)
            }
            try await writing
            print("changelog: \(restorations) restorations while it was written")
            try await eventually("half of the records are gone", limit: .seconds(120)) {
                try await Blocking.run {
                    let restored = try log.restore(from: "changelog", to: Int64(log.updates), on: cluster)
                    #expect(restored.wrong == nil)
                    #expect(restored.fold == expected)
                    print("changelog: \(restored.records) of \(log.updates) records are left")
                    return restored.records < log.updates / 2
                }
            }
            await process.kill()
        }
        try await broker.running { _ in
            let cluster = TestCluster(broker.bootstrapServers)
            let restored = try await Blocking.run {
                try log.restore(from: "changelog", to: Int64(log.updates), on: cluster)
            }
            #expect(restored.fold == expected)
            #expect(restored.wrong == nil)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a broker killed while it compacts loses nothing and repeats nothing`()
        async throws
    {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let log = Changelog(updates: 100_000, keys: 500)
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        let options = ["--cleanup-interval", "1"]
        try await broker.running(options) { process in
            let cluster = TestCluster(broker.bootstrapServers)
            try await Self.make("killed", ["segment.bytes": "300000"], on: cluster)
            await process.kill()
        }
        let cluster = TestCluster(broker.bootstrapServers)
        let writing = Task {
            let patient = ["batch.num.messages": "200", "reconnect.backoff.max.ms": "200", "linger.ms": "20"]
            try await Blocking.run { try log.write(to: "killed", on: cluster, patient, pause: 0.012) }
        }
        for _ in 0..<6 {
            // A compaction begins a second after the start.
            let time = Duration.milliseconds(Int.random(in: 900..<2_000, using: &random))
            try await broker.running(options) { process in
                try await Task.sleep(for: time)
                await process.kill()
            }
        }
        try await broker.running(options) { _ in
            try await writing.value
            let restored = try await Blocking.run {
                try log.restore(from: "killed", to: Int64(log.updates), on: cluster)
            }
            #expect(restored.wrong == nil)
            #expect(restored.fold == log.fold(log.updates))
            print("changelog: \(restored.records) of \(log.updates) records are left after 6 kills")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `batches of every codec are compacted, and what stays is what was written`()
        async throws
    {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        try await broker.running(["--cleanup-interval", "1"]) { _ in
            let cluster = TestCluster(broker.bootstrapServers)
            let log = Changelog(updates: 4_000, keys: 20)
            let expected = log.fold(log.updates)
            for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
                try await Self.make(codec, ["segment.bytes": "8000"], on: cluster)
                try await Blocking.run {
                    try log.write(
                        to: codec, on: cluster, ["compression.type": codec, "batch.num.messages": "100"])
                }
            }
            for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
                try await eventually("\(codec) is compacted") {
                    try await Blocking.run {
                        let restored = try log.restore(from: codec, to: Int64(log.updates), on: cluster)
                        #expect(restored.fold == expected, "\(codec)")
                        #expect(restored.wrong == nil, "\(codec)")
                        return restored.records < log.updates / 2
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `old records go by themselves, and a reader goes on at the new beginning`()
        async throws
    {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        try await broker.running(["--cleanup-interval", "1"]) { _ in
            let cluster = TestCluster(broker.bootstrapServers)
            try await Self.make("old", ["cleanup.policy": "delete", "retention.ms": "60000"], on: cluster)
            try await cluster.send([.text("long ago", timestamp: 1_000_000)], to: "old")
            try await eventually("the old record is gone") { try await cluster.records(of: "old").isEmpty }
            try await cluster.send([.text("today")], to: "old")
            let records = try await cluster.records(of: "old")
            #expect(records.map(\.text) == ["today"] && records.map(\.offset) == [1])
        }
    }
}
