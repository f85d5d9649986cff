import Metrics
import MetricsTestKit
import Swiftwater
import SwiftwaterKafka
import Testing

/// What the back end of swift-metrics is told of stores by a running application.
@Suite(.integration) struct StoreMetricsApplicationTests {
    private static let group = "kafka_streams_stream_state_metrics"

    /// The dimensions of a store's metrics in a process of one thread.
    private func dimensions(
        _ fixture: StreamsFixture, task: String, store: String, scope: String = "lmdb", thread: String = "0"
    ) -> [(String, String)] {
        [
            ("application_id", fixture.topic("app")), ("thread_id", thread), ("task_id", task), ("state_id", store),
            ("scope", scope),
        ]
    }

    private func total(_ metrics: TestMetrics, _ operation: String, _ dimensions: [(String, String)]) -> Int64 {
        metrics.counterTotal(label: "\(Self.group)_\(operation)_total", dimensions: dimensions)
    }

    private func value(_ metrics: TestMetrics, _ name: String, _ dimensions: [(String, String)]) -> Double? {
        metrics.recorders(label: "\(Self.group)_\(name)", dimensions: dimensions).first?.lastValue
    }

    @Test(.timeLimit(.minutes(2)), arguments: MetricsRecordingLevel.allCases)
    func `ST-10 ST-20 a back end gets each store's counts, and times at the level debug`(level: MetricsRecordingLevel)
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            let (first, second) = (TestMetrics(), TestMetrics())
            let store = dimensions(fixture, task: "1_0", store: "counts")
            let application = try fixture.application(try fixture.wordCount(), metrics: first) {
                $0.metricsRecordingLevel = level
            }
            try await application.start()
            try await fixture.produce(["a b a", "c"], to: "lines")
            try await eventually("four words are counted") { total(first, "put", store) == 4 }
            #expect(total(first, "get", store) == 4)
            try await eventually("they are flushed") { total(first, "flush", store) >= 1 }
            #expect(total(first, "restore", store) == 0)
            let task = Array(store.prefix(3))
            try await eventually("views are told of, which is what is told last") {
                value(first, "oldest_iterator_open_since_ms", task) == 0
            }
            #expect(value(first, "num_open_iterators", task) == 0)
            for name in ["put_latency_avg", "put_latency_max"] {
                #expect(value(first, name, store).map { $0 > 0 } == (level == .debug ? true : nil))
            }
            let ratio = first.recorders(
                label: "kafka_streams_stream_record_cache_metrics_hit_ratio_avg", dimensions: store)
            #expect(ratio.first?.lastValue.map { (0...1).contains($0) } == true)
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await application.stop()
            // What is closed is told no more.
            #expect(first.recorders.allSatisfy { !$0.label.hasPrefix(Self.group) })

            // Without its directory the store comes back from its changelog.
            let log = RestoreLog()
            let moved = try fixture.application(try fixture.wordCount(), directory: "b", metrics: second) {
                $0.metricsRecordingLevel = level
                $0.restoreListener = log
            }
            try await moved.start()
            try await moved.wait(for: .running)
            let restored = log.restores.reduce(0) { $0 + $1.restoredRecords }
            #expect(restored >= 3)
            try await eventually("its records are counted") { total(second, "restore", store) == Int64(restored) }
            #expect(total(second, "put", store) == 0)
            try await moved.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `ST-10 stores in memory and global tables are told of, by their places`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["in", "rows", "out"] { try await fixture.create(topic, partitions: 1) }
            let cluster = fixture.cluster
            try await cluster.send(
                [.text("x", key: "a"), .text("y", key: "b")], to: fixture.topic("rows"))
            let builder = StreamsBuilder()
            let rows = builder.globalTable(fixture.topic("rows"), key: .string, value: .string, as: "rows")
            builder.stream(fixture.topic("in"), key: .string, value: .string)
                .join(rows, on: { key, _ in key }) { $0 + $1 }
                .groupByKey()
                .count(as: Materialized("counts", storeType: .inMemory))
                .toStream().to(fixture.topic("out"), key: .string, value: .int64)
            let metrics = TestMetrics()
            let topology = try builder.build()
            let application = try fixture.application(topology, metrics: metrics)
            try await application.start()
            try await cluster.send(
                [.text("1", key: "a"), .text("2", key: "b"), .text("3", key: "a")], to: fixture.topic("in"))
            let part = topology.subtopologies.first { $0.stores.contains { $0.name == "counts" } }
            let id = try #require(part?.id)
            let counts = dimensions(fixture, task: "\(id)_0", store: "counts", scope: "in-memory")
            try await eventually("three records are counted") { total(metrics, "put", counts) == 3 }
            try await eventually("two keys are kept") {
                value(metrics, "num_keys", counts) == 2
            }
            let read = dimensions(fixture, task: "\(id)_0", store: "rows")
            try await eventually("three rows are read") { total(metrics, "get", read) == 3 }
            let filled = dimensions(fixture, task: "global", store: "rows", thread: "global")
            try await eventually("two rows are restored, by puts") {
                total(metrics, "put", filled) == 2 && total(metrics, "restore", filled) == 2
            }
            try await application.stop()
        }
    }
}
