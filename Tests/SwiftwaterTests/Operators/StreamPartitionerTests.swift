import Testing

@testable import Swiftwater

@Suite struct StreamPartitionerTests {
    /// Writes values with a partitioner to `out`, or through a repartition topic.
    private func run(
        _ partitioner: StreamPartitioner<String, String>,
        _ values: [String],
        repartitions: Bool = false
    ) throws -> (sent: [String], dropped: [DropReason: Int]) {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        if repartitions {
            stream.repartition(named: "r", partitioner: partitioner).foreach { _, _ in }
        } else {
            stream.to("out", key: .string, value: .string, partitioner: partitioner)
        }
        let engine = try EngineFixture(builder, partitions: 8)
        try engine.add("in", values.map { ("key", $0, 0) })
        _ = try engine.task.process(limit: .max)
        let sent = engine.output.records.map { record in
            "\(String(decoding: record.value ?? [], as: UTF8.self))>\(record.partition)"
        }
        return (sent, engine.task.context.dropped.byReason)
    }

    private static let choosing = StreamPartitioner<String, String> { _, value, count in
        switch value {
        case "one": .one(5)
        case "some": .several([6, 0, 3])
        case "all": .several(Set(0..<count))
        case "none": .nowhere
        default: .byKey
        }
    }

    /// The partition of the key by Kafka's default.
    private static let ofKey = Array("key".utf8).withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: 8) }

    @Test(arguments: [true, false])
    func `P-11 C-03 C-09 a record goes to the partition of its key, to one, to several, or nowhere`(
        repartitions: Bool
    ) throws {
        let run = try run(Self.choosing, ["one", "other", "some", "none", "all"], repartitions: repartitions)
        let all = (0..<8).map { "all>\($0)" }
        #expect(run.sent == ["one>5", "other>\(Self.ofKey)", "some>0", "some>3", "some>6"] + all)
        #expect(run.dropped == [.noPartition: 1])
    }

    @Test func `P-11 a number is enough where there is always one partition`() throws {
        #expect(try run(StreamPartitioner { _, value, count in Int32(value.count) % count }, ["ab"]).sent == ["ab>2"])
    }

    @Test(arguments: [PartitionChoice.one(8), .one(-1), .several([0, 8])])
    func `P-11 a partition that the topic does not have is an error, and nothing is sent`(choice: PartitionChoice) {
        let error = #expect(throws: StreamsError.self) { try run(StreamPartitioner { _, _, _ in choice }, ["v"]) }
        #expect(error?.code == .production)
        #expect(error?.place.topic == "out")
    }

    @Test func `P-11 C-08 a foreign-key join needs one partition, to find its way back`() throws {
        let one = StreamPartitioner<String, Void> { _, _, _ in .several([4]) }
        #expect(try one.partition("k", (), 8) == 4)
        #expect(try StreamPartitioner<String, Void> { _, _, _ in .byKey }.partition("k", (), 8) == nil)
        for choice in [PartitionChoice.nowhere, .several([1, 2])] {
            let error = #expect(throws: StreamsError.self) {
                try StreamPartitioner<String, Void> { _, _, _ in choice }.partition("k", (), 8)
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}
