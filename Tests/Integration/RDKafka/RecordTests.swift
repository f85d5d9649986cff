import RDKafka
import Testing

/// What RDKafka's own suite cannot see on librdkafka's mock cluster, on a broker.
@Suite(.integration) struct RecordTests {
    /// Records with times of long ago would be deleted when the broker looks for old ones.
    private static let kept = ["retention.ms": "-1"]

    @Test(.timeLimit(.minutes(1)), arguments: ["none", "gzip", "snappy", "lz4", "zstd"])
    func `keys, headers, timestamps and tombstones come back as they were`(codec: String) async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("records", partitions: 2, configuration: Self.kept)
            var sent = (0..<500).map { number in
                Sent.text(
                    "value \(number) " + String(repeating: "water ", count: 20), key: "key \(number)",
                    partition: Int32(number % 2), timestamp: 1_000 + Int64(number))
            }
            sent += [
                Sent(key: [0, 255, 10], value: nil, timestamp: 7_000),
                Sent(key: nil, value: [], timestamp: 7_001),
                Sent(key: [], value: [0], timestamp: 7_002),
                Sent(
                    value: [1], headers: [.init("a", [1, 2]), .init("a", nil), .init("", [])], timestamp: 7_003),
            ]
            try await cluster.send(sent, to: topic, ["compression.codec": codec])
            let received = try await cluster.records(of: topic)
            for partition in Int32(0)...1 {
                let own = received.filter { $0.partition.partition == partition }
                #expect(own.map(\.offset) == Array(0..<Int64(own.count)))
                let back = own.map {
                    Sent(
                        partition: partition, key: $0.key, value: $0.value, headers: $0.headers, timestamp: $0.timestamp
                    )
                }
                #expect(back == sent.filter { $0.partition == partition })
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `offsets are found by time`() async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("times", partitions: 2, configuration: Self.kept)
            let sent = (0..<100).map { Sent.text("\($0)", timestamp: 10_000 + Int64($0) * 10) }
            for start in stride(from: 0, to: 100, by: 25) {
                try await cluster.send(Array(sent[start..<start + 25]), to: topic)
            }
            let found = try await Blocking.run {
                let consumer = try cluster.consumer()
                defer { consumer.close(limit: .seconds(5)) }
                return try [0, 10_000, 10_001, 10_250, 10_990, 10_991].map { time in
                    try consumer.offsetsForTimes(
                        [
                            PartitionOffset(TopicPartition(topic, 0), time),
                            PartitionOffset(TopicPartition(topic, 1), time),
                        ],
                        timeout: TestCluster.limit
                    ).map(\.offset)
                }
            }
            #expect(found.map { $0[0] } == [0, 0, 1, 25, 99, KafkaOffset.end])
            #expect(found.map { $0[1] } == Array(repeating: KafkaOffset.end, count: 6))
        }
    }

    @Test(.timeLimit(.minutes(1))) func `records before an offset are deleted, and reading them is an error`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("purged")
            try await cluster.send((0..<50).map { Sent.text("\($0)") }, to: topic)
            let partition = TopicPartition(topic, 0)
            let code = try await Blocking.run {
                let admin = try cluster.admin()
                let deleted = try admin.deleteRecords(
                    before: [PartitionOffset(partition, 20)], timeout: TestCluster.limit)
                #expect(deleted.map(\.offset) == [20] && deleted.allSatisfy { $0.error == nil })
                let consumer = try cluster.consumer(group: "swiftwater-tests", ["auto.offset.reset": "error"])
                defer { consumer.close(limit: .seconds(5)) }
                #expect(try consumer.beginningOffsets([partition], timeout: TestCluster.limit).map(\.offset) == [20])
                try consumer.assign([PartitionOffset(partition, 10)])
                return try consumer.failure(within: TestCluster.limit)?.code
            }
            #expect(code == .noValidOffset || code == .offsetOutOfRange)
            #expect(try await cluster.records(of: topic).compactMap(\.text) == (20..<50).map { "\($0)" })
        }
    }
}

extension Consumer {
    /// Polls until the consumer reports that it cannot go on.
    fileprivate func failure(within limit: Duration) throws -> KafkaError? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            _ = try poll(timeout: .milliseconds(200)) { _ in }
            while let event = nextEvent() {
                if case .failed(let error, _) = event { return error }
            }
        }
        return nil
    }
}
