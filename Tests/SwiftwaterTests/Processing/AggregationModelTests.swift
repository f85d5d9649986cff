import Logging
import Swiftwater
import Testing

/// Aggregates random records with commits and restarts at random places, and compares with a fold of the whole input.
@Suite struct AggregationModelTests {
    private struct Model {
        var sums: [String: (value: Int64, time: Timestamp)] = [:]
        var dropped = 0

        mutating func take(_ key: String?, _ value: Int64?, _ time: Timestamp) {
            guard let key, let value else {
                dropped += 1
                return
            }
            let old = sums[key]
            let sum = (old?.value ?? 0) &+ value
            // The reducer deletes what comes to a multiple of 7.
            sums[key] = old != nil && sum % 7 == 0 ? nil : (sum, max(time, old?.time ?? time))
        }
    }

    private final class Sink: RecordOutput {
        var latest: [String: [String: Int64?]] = [:]

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: 1) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) {
            let key = key.map { String(decoding: $0, as: UTF8.self) } ?? "null"
            latest[topic.name, default: [:]][key] = .some(
                value.map { bytes in bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) } })
        }
    }

    private func topology(cached: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("in", key: .optional(.string), value: .optional(.int64))
            .groupByKey(key: .string)
            .reduce(as: Materialized("s", cached: cached)) { sum, value in
                let sum = sum &+ value
                return sum % 7 == 0 ? nil : sum
            }
            .toStream()
            .to("out", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `S-13 S-36 S-41 G-01 reduce agrees with a fold of the input, through commits and restarts`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("AggregationModelTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let topologies = try [true, false].map { try topology(cached: $0) }
        for _ in 0..<1_000 {
            let topology = topologies[Int.random(in: 0...1, using: &random)]
            let sink = Sink()
            let backend = InMemoryStateBackend()
            let clock = EngineFixture.Clock()
            func newTask() throws -> StreamTask {
                try StreamTask(
                    id: TaskID(subtopology: 0, partition: 0),
                    topology: topology,
                    settings: TaskSettings(applicationID: "app"),
                    output: sink,
                    backend: backend,
                    clock: clock,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
            }
            var task = try newTask()
            var model = Model()
            var dropped = 0
            for offset in 0..<Int64.random(in: 1...40, using: &random) {
                let key =
                    Int.random(in: 0..<10, using: &random) == 0 ? nil : "k\(Int.random(in: 0..<4, using: &random))"
                let value = Int.random(in: 0..<10, using: &random) == 0 ? nil : Int64.random(in: -9...9, using: &random)
                let time = Timestamp(rawValue: Int64.random(in: 0..<100, using: &random))
                model.take(key, value, time)
                let batch = RecordBatch()
                batch.append(
                    offset: offset,
                    timestamp: time,
                    key: key.map { Array($0.utf8) },
                    value: try value.flatMap { try Serde<Int64>.int64.serialize($0) }
                )
                try task.queue(for: TopicPartition("in", 0))?.add(batch)
                _ = try task.process(limit: 1)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    try task.flush()
                    try task.persist(TaskCheckpoint())
                    if Int.random(in: 0..<3, using: &random) == 0 {
                        dropped += task.context.dropped.total
                        task = try newTask()
                    }
                }
            }
            try task.flush()
            try task.persist(TaskCheckpoint())
            var kept: [String: (value: Int64, time: Timestamp)] = [:]
            try backend.scan(0, from: nil, to: nil, reverse: false) { key, stored in
                let sum = TimestampedValue.plain(stored).reduce(Int64(0)) { $0 << 8 | Int64($1) }
                kept[String(decoding: key, as: UTF8.self)] = (sum, TimestampedValue.timestamp(of: stored))
                return true
            }
            try #require(kept.mapValues(\.value) == model.sums.mapValues(\.value), "seed \(seed)")
            try #require(kept.mapValues(\.time) == model.sums.mapValues(\.time), "seed \(seed)")
            for topic in ["out", "app-s-changelog"] {
                let told = (sink.latest[topic] ?? [:]).compactMapValues { $0 }
                try #require(told == model.sums.mapValues(\.value), "seed \(seed), \(topic)")
            }
            try #require(dropped + task.context.dropped.total == model.dropped, "seed \(seed)")
        }
    }
}
