import Logging
import Swiftwater
import Testing

@Suite struct WindowedSerdeTests {
    private let key = Windowed("ab", Window(start: 256, end: 356))

    @Test func `F-02 G-12 a key in a window is the key and the window's start`() throws {
        let serde = Serde.timeWindowed(.string, size: .milliseconds(100))
        #expect(hex(try serde.serialize(key)) == "61 62 00 00 00 00 00 00 01 00")
        #expect(try serde.deserialize(bytes("61 62 00 00 00 00 00 00 01 00")) == key)
        #expect(try serde.deserialize(bytes("00 00 00 00 00 00 01 00")).key == "")
        #expect(throws: SerdeError.self) { try serde.deserialize(bytes("00 00 00 00 00 01 00")) }
    }

    @Test func `G-12 the end of a window that is read is never beyond the last moment`() throws {
        let serde = Serde.timeWindowed(.string, size: .milliseconds(100))
        let read = try serde.deserialize(bytes("7f ff ff ff ff ff ff f0"))
        #expect(read.window.end == Timestamp(rawValue: .max))
    }

    @Test func `F-03 G-12 in a changelog a sequence number follows`() throws {
        let serde = Serde.timeWindowedChangelog(.string, size: .milliseconds(100))
        #expect(hex(try serde.serialize(key)) == "61 62 00 00 00 00 00 00 01 00 00 00 00 00")
        #expect(try serde.deserialize(bytes("61 62 00 00 00 00 00 00 01 00 00 00 00 07")) == key)
    }

    @Test func `F-04 G-12 a key in a session is the key, the end and the start`() throws {
        let serde = Serde.sessionWindowed(.string)
        #expect(hex(try serde.serialize(key)) == "61 62 00 00 00 00 00 00 01 64 00 00 00 00 00 00 01 00")
        #expect(try serde.deserialize(try serde.serialize(key)) == key)
        #expect(throws: SerdeError.self) { try serde.deserialize(bytes("00 00 00 00 00 00 01 64")) }
    }

    @Test func `G-12 the key inside is read by its own serde`() throws {
        let serde = Serde.timeWindowed(.int16, size: .milliseconds(100))
        #expect(hex(try serde.serialize(Windowed(5, key.window))) == "00 05 00 00 00 00 00 00 01 00")
        #expect(throws: SerdeError.self) { try serde.deserialize(bytes("05 00 00 00 00 00 00 01 00")) }
        let nullable = Serde.timeWindowed(.optional(.string), size: .milliseconds(100))
        #expect(throws: SerdeError.self) { try nullable.serialize(Windowed(nil, key.window)) }
    }

    // MARK: Partitions

    /// Where each record went.
    private final class Partitions: RecordOutput {
        var chosen: [Int32] = []

        func topic(named name: String) -> OutputTopic { OutputTopic(name: name, partitionCount: 64) }

        func send(
            to topic: OutputTopic,
            partition: Int32,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?,
            timestamp: Timestamp,
            headers: Headers
        ) {
            chosen.append(partition)
        }
    }

    /// The partitions of some keys, each in a window of its own.
    private func partitions(
        _ serde: Serde<Windowed<String>>,
        partitioner: StreamPartitioner<Windowed<String>, String>? = nil
    ) throws -> [Int32] {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .map { key, value in (Windowed(key, Window(start: 1_000, end: 1_100)), value) }
            .to("out", key: serde, value: .string, partitioner: partitioner)
        let output = Partitions()
        let task = try StreamTask(
            id: TaskID(subtopology: 0, partition: 0),
            topology: try builder.build(),
            settings: TaskSettings(applicationID: "app"),
            output: output,
            backend: InMemoryStateBackend(),
            clock: EngineFixture.Clock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let batch = RecordBatch()
        for index in 0..<20 {
            batch.append(offset: Int64(index), timestamp: 1, key: Array("k\(index)".utf8), value: [])
        }
        try task.queue(for: TopicPartition("in", 0))?.add(batch)
        #expect(try task.process(limit: 100) == 20)
        return output.chosen
    }

    private static let plain = (0..<20).map { index in
        Array("k\(index)".utf8).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: 64) }
    }

    @Test func `S-93 F-02 records with keys in windows go where the plain key goes`() throws {
        #expect(try partitions(.timeWindowed(.string, size: .milliseconds(100))) == Self.plain)
        #expect(try partitions(.timeWindowedChangelog(.string, size: .milliseconds(100))) == Self.plain)
        #expect(try partitions(.sessionWindowed(.string)) == Self.plain)
    }

    @Test func `S-93 a partitioner that is given, or a serde of one's own, sees the whole key`() throws {
        let serde = Serde.timeWindowed(.string, size: .milliseconds(100))
        #expect(try partitions(serde, partitioner: .init { _, _, _ in 63 }) == Array(repeating: 63, count: 20))
        let own = Serde<Windowed<String>> { key, bytes in
            bytes.append(utf8: "\(key)")
        } deserialize: { _ in
            throw SerdeError("never read")
        }
        let whole = (0..<20).map { index in
            let text = "\(Windowed("k\(index)", Window(start: 1_000, end: 1_100)))"
            return Array(text.utf8).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: 64) }
        }
        #expect(try partitions(own) == whole)
        #expect(whole != Self.plain)
    }
}
