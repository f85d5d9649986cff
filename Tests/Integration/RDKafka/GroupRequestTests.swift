import RDKafka
import Testing

/// Requests to a group's coordinator that is away.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "stops the broker"))
struct GroupRequestTests {
    /// librdkafka 2.0.2 aborts the process when a connection comes to a coordinator that a request has stopped to wait for.
    @Test(.timeLimit(.minutes(2))) func `a request that was given up does no harm when the broker comes back`()
        async throws
    {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        // For a port to come back to.
        try await broker.running { _ in }
        let cluster = TestCluster(broker.bootstrapServers)
        let admin = try await Blocking.run { try cluster.admin() }
        try await Blocking.run {
            let error = #expect(throws: KafkaError.self) {
                try admin.describeGroups(["away"], timeout: .milliseconds(300))
            }
            #expect(error?.code == .timedOut)
            #expect(error?.isRetriable == true)
        }
        try await broker.running { _ in
            let groups = try await Blocking.run { try admin.describeGroups(["away"], timeout: TestCluster.limit) }
            #expect(groups.map(\.state) == [.dead])
        }
    }
}
