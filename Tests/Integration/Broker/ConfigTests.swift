import Glibc
import RDKafka
import Testing

@Suite(.integration) struct ConfigTests {
    private static let limit = TestCluster.limit

    private static func own(_ cluster: TestCluster, _ topic: String) throws -> [String: String] {
        let entries = try cluster.admin().describeConfigs([.topic(topic)], timeout: limit).flatMap(\.entries)
        let own = entries.filter { $0.source == .dynamicTopic }
        return Dictionary(own.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    @Test(.timeLimit(.minutes(1))) func `configurations are replaced as a whole, and only checked when asked to`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("configs", configuration: ["retention.ms": "1000000"])
            try await Blocking.run {
                let admin = try cluster.admin()
                let new = ["cleanup.policy": "compact,delete", "segment.bytes": "2000000"]
                try admin.alterConfigs([.topic(topic): new], validateOnly: true, timeout: Self.limit).check()
                #expect(try Self.own(cluster, topic) == ["retention.ms": "1000000"])
                try admin.alterConfigs([.topic(topic): new], timeout: Self.limit).check()
            }
            try await eventually("the new configuration") {
                try await Blocking.run {
                    try Self.own(cluster, topic) == ["cleanup.policy": "compact,delete", "segment.bytes": "2000000"]
                }
            }
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("no.such.config", "1"), ("retention.ms", "soon"), ("retention.ms", "-2"), ("cleanup.policy", "burn"),
            ("segment.ms", "0"), ("min.cleanable.dirty.ratio", "1.5"), ("min.insync.replicas", "0"),
        ])
    func `an unknown configuration or a bad value is INVALID_CONFIG and names it`(name: String, value: String)
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("configs", configuration: ["retention.ms": "1000000"])
            try await Blocking.run {
                let admin = try cluster.admin()
                let results = try admin.alterConfigs([.topic(topic): [name: value]], timeout: Self.limit)
                #expect(results.map(\.error?.code) == [.invalidConfig])
                #expect(results.first?.error?.message.contains(name) == true, "\(results)")
                let created = try admin.createTopics(
                    [NewTopic("\(topic)-2", partitions: 1, configuration: [name: value])], timeout: Self.limit)
                #expect(created.map(\.error?.code) == [.invalidConfig])
                #expect(try Self.own(cluster, topic) == ["retention.ms": "1000000"])
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), .enabled(if: TestCluster.given == nil, "kills the broker"))
    func `a configuration is there again after kill -9`() async throws {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        try await broker.running { process in
            let cluster = TestCluster(broker.bootstrapServers)
            try await Blocking.run {
                let admin = try cluster.admin()
                try admin.createTopics([NewTopic("kept", partitions: 2)], timeout: Self.limit).check()
                try admin.alterConfigs([.topic("kept"): ["retention.ms": "77"]], timeout: Self.limit).check()
            }
            await process.kill()
        }
        try await broker.running { _ in
            let cluster = TestCluster(broker.bootstrapServers)
            let own = try await Blocking.run { try Self.own(cluster, "kept") }
            #expect(own == ["retention.ms": "77"])
        }
    }
}
