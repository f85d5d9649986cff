import Foundation
import RDKafka
import Testing

/// `swiftwater broker` as a process; never a cluster of the user.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "is about the embedded broker"))
struct BrokerCommandTests {
    @Test(.timeLimit(.minutes(2))) func `SIGTERM ends it at once, with clients connected, and nothing is lost`()
        async throws
    {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        let values = (0..<1_000).map { "value \($0)" }
        try await broker.running { process in
            let cluster = TestCluster(broker.bootstrapServers)
            let topic = NewTopic("kept", partitions: 2)
            try await Blocking.run {
                try cluster.admin().createTopics([topic], timeout: TestCluster.limit).check()
            }
            try await cluster.send(values.map { .text($0) }, to: "kept")
            // One client waits in a fetch, one in the group, when the broker is told to end.
            try await Client.kcat.member(of: "g", reading: "kept", at: broker.bootstrapServers) { member in
                try await member.wait(for: "records") { $0.output.count == values.count ? true : nil }
                let clock = ContinuousClock()
                let start = clock.now
                let end = try await process.terminate(limit: .seconds(20))
                #expect(end.status == 0)
                #expect(clock.now - start < .seconds(10))
            }
        }
        try await broker.running { process in
            let records = try await TestCluster(broker.bootstrapServers).records(of: "kept")
            #expect(records.compactMap(\.text) == values)
            process.send(SIGINT)
            #expect(try await process.end().status == 0)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a directory has one broker, and a port too`() async throws {
        try await BrokerProcess.with { broker, _ in
            let same = try await ChildProcess.run(
                Programs.swiftwater, ["broker", "--data", broker.directory.path, "--port", "0"])
            #expect(same.status == 1)
            #expect(same.error.last?.contains(broker.directory.path) == true, "\(same.error)")

            let other = try TemporaryDirectory("other")
            defer { other.remove() }
            let port = try #require(broker.bootstrapServers.split(separator: ":").last)
            let taken = try await ChildProcess.run(
                Programs.swiftwater, ["broker", "--data", other.path, "--port", "\(port)"])
            #expect(taken.status == 1)
            #expect(taken.error.last?.contains("127.0.0.1:\(port)") == true, "\(taken.error)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a directory that cannot be is an error of one line`() async throws {
        let end = try await ChildProcess.run(
            Programs.swiftwater, ["broker", "--data", "/dev/null/data", "--port", "0"])
        #expect(end.status == 1)
        #expect(end.error.count == 1 && end.error[0].contains("/dev/null/data"), "\(end.error)")
    }
}
