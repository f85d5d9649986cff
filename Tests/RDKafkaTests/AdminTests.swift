import RDKafka
import Testing

/// What the mock cluster can answer: metadata and group offsets. It has no controller and no other admin request.
@Suite struct AdminTests {
    private func admin(_ cluster: MockCluster) throws -> Admin {
        try Admin(KafkaConfiguration(["bootstrap.servers": cluster.bootstrapServers]))
    }

    @Test func `metadata names brokers, topics and partitions`() throws {
        let cluster = try MockCluster(brokers: 3)
        try cluster.createTopic("t", partitions: 4)
        let metadata = try admin(cluster).metadata(timeout: .seconds(10))
        #expect(metadata.brokers.map(\.id).sorted() == [1, 2, 3])
        #expect(metadata.brokers.allSatisfy { $0.port > 0 && !$0.host.isEmpty })
        #expect(metadata.topics.map(\.name) == ["t"])
        #expect(metadata.topics[0].partitions.map(\.id) == [0, 1, 2, 3])
        #expect(metadata.topics[0].partitions.allSatisfy { (1...3).contains($0.leader) && $0.error == nil })
        let one = try admin(cluster).metadata(topic: "t", timeout: .seconds(10))
        #expect(one.topics.map(\.name) == ["t"])
    }

    @Test func `a cluster without a controller is an error when the time is over`() throws {
        let cluster = try MockCluster()
        let admin = try admin(cluster)
        let time = Duration.milliseconds(300)
        let requests: [() throws -> Void] = [
            { _ = try admin.createTopics([NewTopic("n", partitions: 1, configuration: ["a": "b"])], timeout: time) },
            { _ = try admin.deleteTopics(["n"], timeout: time) },
            { _ = try admin.createPartitions(["n": 3], timeout: time) },
            { _ = try admin.describeConfigs([.topic("n")], timeout: time) },
        ]
        for request in requests {
            let error = try #require(throws: KafkaError.self) { try request() }
            #expect(error.code == .timedOut && error.isRetriable)
        }
    }

    @Test func `offsets of a group are set and listed`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let admin = try admin(cluster)
        let offsets = [PartitionOffset(TopicPartition("t", 0), 5), PartitionOffset(TopicPartition("t", 1), 6)]
        let altered = try admin.alterGroupOffsets("g", offsets, timeout: .seconds(10))
        #expect(altered.allSatisfy { $0.error == nil })
        let listed = try admin.groupOffsets(
            "g", offsets.map(\.topicPartition), requireStable: true, timeout: .seconds(10))
        #expect(listed.map(\.offset) == [5, 6])
    }

    @Test func `arguments that Kafka cannot mean are refused before anything is sent`() throws {
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": "127.0.0.1:1"]))
        for topic in [NewTopic("", partitions: 1), NewTopic("t", partitions: 0)] {
            let error = try #require(throws: KafkaError.self) {
                _ = try admin.createTopics([topic], timeout: .seconds(5))
            }
            #expect(error.code == .invalidArgument)
            #expect(error.subject == .topic(topic.name))
        }
        let error = try #require(throws: KafkaError.self) {
            _ = try admin.createPartitions(["t": 0], timeout: .seconds(5))
        }
        #expect(error.code == .invalidArgument)
        #expect(try admin.createTopics([], timeout: .seconds(5)).isEmpty)
        #expect(try admin.describeGroups([], timeout: .seconds(5)).isEmpty)
    }

    @Test func `no broker is an error when the time is over`() throws {
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": "127.0.0.1:1"]))
        let clock = ContinuousClock()
        let time = try clock.measure {
            let error = try #require(throws: KafkaError.self) {
                _ = try admin.createTopics([NewTopic("t", partitions: 1)], timeout: .milliseconds(500))
            }
            #expect(error.isRetriable)
            #expect(throws: KafkaError.self) { _ = try admin.metadata(timeout: .milliseconds(500)) }
        }
        #expect(time < .seconds(10))
    }
}
