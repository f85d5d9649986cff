import RDKafka
import Testing

/// The broker as clients of others see it, each with protocol code of its own: kcat on the system's librdkafka, confluent-kafka on
/// a newer one, kafka-python in Python.
@Suite(.integration, .serialized) struct ClientTests {
    /// Long and alike, so that compression changes the bytes.
    private func lines(_ range: Range<Int>, _ stem: String) -> [String] {
        range.map { "key-\($0 % 17)\t\(stem)-\($0)-" + String(repeating: "swift water ", count: 8) }
    }

    @Test(.timeLimit(.minutes(3)), arguments: Client.allCases)
    func `what one client produces, plain and with every codec, all clients read`(writer: Client) async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("codecs", partitions: 3)
            var sent: Set<String> = []
            for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
                let lines = lines(0..<300, codec)
                try await writer.produce(lines, to: topic, at: cluster.bootstrapServers, codec: codec)
                sent.formUnion(lines)
            }
            for reader in Client.allCases {
                let records = try await reader.consume(topic, at: cluster.bootstrapServers)
                #expect(records.count == sent.count)
                #expect(Set(records.map { "\($0.key)\t\($0.value)" }) == sent, "\(reader.rawValue)")
                for (partition, records) in Dictionary(grouping: records, by: \.partition) {
                    #expect(records.map(\.offset) == Array(0..<records.count), "partition \(partition)")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: Client.allCases)
    func `a group of two shares the partitions, commits, and goes on from the commit`(client: Client) async throws {
        try await TestCluster.with { cluster in
            let servers = cluster.bootstrapServers
            let topic = try await cluster.topic("shared", partitions: 4)
            let group = cluster.group("readers")
            func send(_ range: Range<Int>) async throws {
                let records = range.map { Sent.text("value-\($0)", key: "key-\($0)", partition: Int32($0 % 4)) }
                try await cluster.send(records, to: topic)
            }
            func values(_ snapshot: ChildProcess.Snapshot) throws -> [String] {
                try snapshot.output.map { try ClientRecord(line: $0).value }
            }

            let shared = try await client.member(of: group, reading: topic, at: servers) { first in
                try await client.member(of: group, reading: topic, at: servers) { second in
                    let half: @Sendable (ChildProcess.Snapshot) -> Set<Int>? = { snapshot in
                        let assignment = client.assignment(snapshot)
                        return assignment.count == 2 ? assignment : nil
                    }
                    let firsts = try await first.wait(for: "half of the partitions", half)
                    let seconds = try await second.wait(for: "half of the partitions", half)
                    #expect(firsts.union(seconds) == [0, 1, 2, 3])
                    try await send(0..<400)
                    for member in [first, second] {
                        try await member.wait(for: "its records") { $0.output.count >= 200 ? $0.output.count : nil }
                    }
                    let ends = [try await first.terminate(), try await second.terminate()]
                    #expect(ends.map(\.status) == [0, 0])
                    for (end, given) in zip(ends, [firsts, seconds]) {
                        #expect(try Set(end.output.map { try ClientRecord(line: $0).partition }) == given)
                    }
                    return try ends.flatMap(values)
                }
            }
            #expect(shared.count == 400)
            #expect(Set(shared) == Set((0..<400).map { "value-\($0)" }))
            let committed = try await Blocking.run {
                try cluster.admin().groupOffsets(group, timeout: TestCluster.limit)
            }
            #expect(committed.map(\.offset) == [100, 100, 100, 100])

            try await send(400..<500)
            let rest = try await client.member(of: group, reading: topic, at: servers) { third in
                try await third.wait(for: "the rest") { $0.output.count >= 100 ? true : nil }
                return try values(try await third.terminate())
            }
            #expect(rest.count == 100)
            #expect(Set(rest) == Set((400..<500).map { "value-\($0)" }))
        }
    }

    /// The broker is killed where it hurts: while records are under way, several times, each time as soon as it has
    /// acknowledged some more.
    @Test(
        .enabled(if: TestCluster.given == nil, "kills the broker"), .timeLimit(.minutes(4)), arguments: Client.allCases)
    func `a killed broker comes back with every acknowledged record, once and in order`(client: Client) async throws {
        var random = SeededRandom()
        let seed = random.seed
        let kills = (0..<4).map { _ in Int.random(in: 200..<2_000, using: &random) }
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        let topic = "acknowledged"
        try await broker.running { _ in try await create(topic, at: broker.bootstrapServers) }

        var written = 0
        func write(_ count: Int, to child: ChildProcess) async throws {
            try await child.write((written..<written + count).map { "key\t\($0)\n" }.joined())
            written += count
        }
        let (acknowledged, known) = try await client.producing(to: topic, at: broker.bootstrapServers) { producer in
            var acknowledged = 0
            for kill in kills {
                try await broker.running { _ in
                    let goal = acknowledged + kill
                    try await write(kill + 3_000, to: producer)
                    // kcat looks for acknowledgements only when it has read a line.
                    try await eventually("\(goal) acknowledgements") {
                        try await write(20, to: producer)
                        acknowledged = client.acknowledged(producer.snapshot)
                        return acknowledged >= goal
                    }
                }
            }
            return try await broker.running { _ in
                try await write(500, to: producer)
                producer.closeInput()
                let end = try await producer.end(limit: .seconds(90))
                #expect(end.status == 0, "seed \(seed)")
                return (client.acknowledged(end), try await client.consume(topic, at: broker.bootstrapServers))
            }
        }
        #expect(acknowledged == written, "seed \(seed)")
        // Idempotent producers: what they sent again was not written twice.
        #expect(known.map(\.value) == (0..<written).map { "\($0)" }, "seed \(seed), kills after \(kills)")
    }

    private func create(_ topic: String, at servers: String) async throws {
        try await Blocking.run {
            try TestCluster(servers).admin().createTopics([NewTopic(topic, partitions: 1)], timeout: TestCluster.limit)
                .check()
        }
    }
}
