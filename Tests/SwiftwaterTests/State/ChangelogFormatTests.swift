import Testing

@testable import Swiftwater

/// What stores of operators write to their changelogs, byte by byte, as Kafka Streams does.
@Suite struct ChangelogFormatTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func number(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    private static func number(_ value: Int32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// A length and a text, as in the formats of Kafka Streams.
    private static func counted(_ text: String) -> [UInt8] { number(Int32(text.utf8.count)) + bytes(text) }

    private func changelog(_ engine: EngineFixture, endingIn name: String) -> [EngineFixture.Output.SentBytes] {
        engine.output.records.filter { $0.topic.hasSuffix(name) }
    }

    @Test func `F-09 ST-11 what waits for a match is logged by time, side and key, as a list`() throws {
        let builder = StreamsBuilder()
        builder.stream("left", key: .string, value: .string)
            .outerJoin(
                builder.stream("right", key: .string, value: .string), .within(.milliseconds(10)),
                joined: StreamJoined(storeName: "j")
            ) { "\($0 ?? "")\($1 ?? "")" }
            .to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder) { $0.maxTaskIdle = .milliseconds(-1) }
        try engine.add("left", [("k", "l1", 5), ("k", "l2", 5)])
        try engine.add("right", [("r", "r1", 6)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        let logged = changelog(engine, endingIn: "-shared-join-store-changelog")
        #expect(
            logged.map(\.key) == [
                Self.number(Int64(5)) + [1] + Self.bytes("k"), Self.number(Int64(6)) + [0] + Self.bytes("r"),
            ])
        #expect(
            logged.map(\.value) == [
                [1] + Self.number(Int32(2)) + Self.number(Int32(3)) + [1] + Self.bytes("l1") + Self.number(Int32(3))
                    + [1] + Self.bytes("l2"),
                [1] + Self.number(Int32(1)) + Self.number(Int32(3)) + [0] + Self.bytes("r1"),
            ])
        // A match takes the whole list away.
        try engine.add("right", from: 1, [("k", "r2", 7)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        let deleted = try #require(changelog(engine, endingIn: "-shared-join-store-changelog").last)
        #expect(deleted.key == Self.number(Int64(5)) + [1] + Self.bytes("k"))
        #expect(deleted.value == nil)
    }

    @Test func `F-10 ST-12 what is held back is logged with its context, its values and its time, in version 3`() throws
    {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: Materialized("t", cached: false))
            .suppress(.untilTimeLimit(.milliseconds(100), named: "held")).toStream()
            .to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [("k", "a", 5)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        try engine.add("in", from: 1, [("k", "b", 7)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        let logged = changelog(engine, endingIn: "held-store-changelog")
        #expect(logged.map(\.key) == [Self.bytes("k"), Self.bytes("k")])
        #expect(logged.map(\.headers) == Array(repeating: Headers([.init(name: "v", value: [3])]), count: 2))
        func record(_ time: Int64, _ offset: Int64) -> [UInt8] {
            Self.number(time) + Self.number(offset) + Self.counted("in") + Self.number(Int32(0)) + Self.number(Int32(0))
        }
        let none = Self.number(Int32(-1))
        let bufferTime = Self.number(Int64(5))
        #expect(logged.first?.value == record(5, 0) + none + none + Self.counted("a") + bufferTime)
        // The place in the queue stays, the rest is of the newest update.
        #expect(logged.last?.value == record(7, 1) + none + Self.counted("a") + Self.counted("b") + bufferTime)
        // What is let go is deleted.
        try engine.add("in", from: 2, [("x", "x", 105)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        let last = changelog(engine, endingIn: "held-store-changelog").filter { $0.key == Self.bytes("k") }.last
        #expect(last?.value == nil)
        #expect(engine.sent(to: "out") == ["k=b@7"])
    }

    @Test
    func `ST-02 ST-09 F-06 a table's store keeps the time before the value, its changelog has it as the record's`()
        throws
    {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: "t").toStream().to("out", key: .string, value: .string)
        let engine = try EngineFixture(builder)
        try engine.add("in", [("k", "v", 258)])
        _ = try engine.task.process(limit: .max)
        try engine.commit()
        let stored = Self.bytes("k").withUnsafeBytes { engine.backend.value(of: $0, in: 0).map(Array.init) }
        #expect(stored == [0, 0, 0, 0, 0, 0, 1, 2] + Self.bytes("v"))
        #expect(engine.sent(to: "app-t-changelog") == ["k=v@258"])
    }
}
