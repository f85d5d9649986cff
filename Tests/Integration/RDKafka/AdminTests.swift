import RDKafka
import Testing

@Suite(.integration) struct BrokerAdminTests {
    private static let limit = TestCluster.limit

    private func codes(_ results: [AdminResult]) -> [KafkaErrorCode?] { results.map(\.error?.code) }

    @Test(.timeLimit(.minutes(1))) func `topics are made, described, enlarged and deleted`() async throws {
        try await TestCluster.with { cluster in
            let name = cluster.newTopicName("admin")
            try await Blocking.run {
                let admin = try cluster.admin()
                let topic = NewTopic(
                    name, partitions: 3, configuration: ["cleanup.policy": "compact", "retention.ms": "12345"])
                try admin.createTopics([topic], validateOnly: true, timeout: Self.limit).check()
                #expect(try codes(admin.deleteTopics([name], timeout: Self.limit)) == [.unknownTopicOrPartition])
                try admin.createTopics([topic], timeout: Self.limit).check()
                #expect(try codes(admin.createTopics([topic], timeout: Self.limit)) == [.topicAlreadyExists])
                let entries = try admin.describeConfigs([.topic(name)], timeout: Self.limit).flatMap(\.entries)
                let own = entries.filter { !$0.isDefault }.map { "\($0.name)=\($0.value ?? "")" }
                #expect(Set(own).isSuperset(of: ["cleanup.policy=compact", "retention.ms=12345"]))
                try admin.createPartitions([name: 5], timeout: Self.limit).check()
                #expect(try codes(admin.createPartitions([name: 2], timeout: Self.limit)) == [.invalidPartitions])
            }
            try await eventually("five partitions") {
                try await Blocking.run {
                    let topics = try cluster.admin().metadata(topic: name, timeout: Self.limit).topics
                    return topics.first?.partitions.count == 5
                }
            }
            try await Blocking.run { try cluster.admin().deleteTopics([name], timeout: Self.limit).check() }
            try await eventually("the topic is gone") {
                try await Blocking.run {
                    try !cluster.admin().metadata(timeout: Self.limit).topics.contains { $0.name == name }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `names and counts that Kafka refuses are refused`() async throws {
        try await TestCluster.with { cluster in
            try await Blocking.run {
                let admin = try cluster.admin()
                for name in ["a b", "..", String(repeating: "n", count: 250)] {
                    let results = try admin.createTopics([NewTopic(name, partitions: 1)], timeout: Self.limit)
                    #expect(codes(results) == [.invalidTopic], "\(name)")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a group's offsets are set, listed and deleted, and then the group`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("offsets", partitions: 2)
            let group = cluster.group("idle")
            try await Blocking.run {
                let admin = try cluster.admin()
                let partitions = [TopicPartition(topic, 0), TopicPartition(topic, 1)]
                let set = [
                    PartitionOffset(partitions[0], 7, metadata: "of the first"), PartitionOffset(partitions[1], 9),
                ]
                let altered = try admin.alterGroupOffsets(group, set, timeout: Self.limit)
                #expect(altered.allSatisfy { $0.error == nil })
                let listed = try admin.groupOffsets(group, requireStable: true, timeout: Self.limit)
                #expect(listed.sorted { $0.topicPartition < $1.topicPartition }.map(\.offset) == [7, 9])
                #expect(try admin.listGroups(timeout: Self.limit).groups.contains { $0.groupID == group })
                #expect(try admin.describeGroups([group], timeout: Self.limit).map(\.state) == [.empty])
                let deleted = try admin.deleteGroupOffsets(group, [partitions[0]], timeout: Self.limit)
                #expect(deleted.allSatisfy { $0.error == nil })
                let left = try admin.groupOffsets(group, partitions, timeout: Self.limit)
                #expect(left.map(\.offset) == [KafkaOffset.invalid, 9])
                try admin.deleteGroups([group], timeout: Self.limit).check()
                #expect(try codes(admin.deleteGroups([group], timeout: Self.limit)) == [.groupIDNotFound])
                #expect(try admin.describeGroups([group], timeout: Self.limit).map(\.state) == [.dead])
            }
        }
    }
}
