import Logging
import Swiftwater

/// One task of a topology with everything around it in memory: outputs are kept in order, the backend is a dictionary.
final class EngineFixture {
    final class Output: RecordOutput {
        struct Sent: Equatable {
            var topic: String
            var key: String?
            var value: [UInt8]?
            var timestamp: Timestamp
        }

        struct SentBytes {
            var topic: String
            var partition: Int32
            var key: [UInt8]
            var value: [UInt8]?
            var timestamp: Timestamp
            var headers: Headers
        }

        var sent: [Sent] = []
        /// The same as bytes, without those that have no key.
        var records: [SentBytes] = []
        /// Asked before each record; what it gives is thrown instead of sending.
        var refusal: (_ topic: String) -> (any Error)? = { _ in nil }

        /// How many partitions every topic has.
        private let partitions: Int32

        init(partitions: Int32 = 1) {
            self.partitions = partitions
        }

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: partitions) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) throws {
            if let refusal = refusal(topic.name) { throw refusal }
            if let key {
                records.append(
                    SentBytes(
                        topic: topic.name, partition: partition, key: Array(key), value: value.map(Array.init),
                        timestamp: timestamp, headers: headers))
            }
            sent.append(
                Sent(
                    topic: topic.name,
                    key: key.map { String(decoding: $0, as: UTF8.self) },
                    value: value.map(Array.init),
                    timestamp: timestamp
                )
            )
        }
    }

    final class Clock: WallClock {
        var time: Timestamp = 0

        func now() -> Timestamp { time }
    }

    let output: Output
    let clock = Clock()
    let backend = InMemoryStateBackend()
    let task: StreamTask

    init(
        _ builder: StreamsBuilder,
        subtopology: Int = 0,
        partitions: Int32 = 1,
        _ change: (inout TaskSettings) -> Void = { _ in }
    ) throws {
        output = Output(partitions: partitions)
        var settings = TaskSettings(applicationID: "app")
        change(&settings)
        task = try StreamTask(
            id: TaskID(subtopology: subtopology, partition: 0),
            topology: try builder.build(),
            settings: settings,
            output: output,
            backend: backend,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Queues records with string keys and values at the offsets from `offset` on.
    func add(_ topic: String, from offset: Int64 = 0, _ records: [(String?, String?, Timestamp)]) throws {
        let batch = RecordBatch()
        for (index, record) in records.enumerated() {
            batch.append(
                offset: offset + Int64(index),
                timestamp: record.2,
                key: record.0.map { Array($0.utf8) },
                value: record.1.map { Array($0.utf8) }
            )
        }
        try task.queue(for: TopicPartition(topic, 0))?.add(batch)
    }

    /// What went to a topic as `key=value@time`, with `null` for null; values of 8 bytes are shown as numbers.
    func sent(to topic: String) -> [String] {
        output.sent.filter { $0.topic == topic }.map { sent in
            let value = sent.value.map { bytes in
                bytes.count == 8
                    ? String(bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }) : String(decoding: bytes, as: UTF8.self)
            }
            return "\(sent.key ?? "null")=\(value ?? "null")@\(sent.timestamp)"
        }
    }

    /// The three steps of a commit.
    func commit() throws {
        try task.flush()
        try task.persist(TaskCheckpoint())
    }
}
