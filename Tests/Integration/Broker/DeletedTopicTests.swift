import RDKafka
import Testing

@Suite(.integration) struct DeletedTopicTests {
    @Test(.timeLimit(.minutes(1))) func `a topic that is deleted takes the offsets of all groups with it`()
        async throws
    {
        try await TestCluster.with { cluster in
            let (deleted, kept) = (try await cluster.topic("deleted"), try await cluster.topic("kept"))
            let group = cluster.group("reader")
            let partitions = [deleted, kept].map { TopicPartition($0, 0) }
            for topic in [deleted, kept] { try await cluster.send([.text("a"), .text("b")], to: topic) }
            try await Blocking.run {
                let admin = try cluster.admin()
                let offsets = partitions.map { PartitionOffset($0, 2) }
                _ = try admin.alterGroupOffsets(group, offsets, timeout: TestCluster.limit)
                try admin.deleteTopics([deleted], timeout: TestCluster.limit).check()
            }
            try await eventually("the offset is gone") {
                try await Blocking.run {
                    let found = try cluster.admin().groupOffsets(group, timeout: TestCluster.limit)
                    return found.map(\.topicPartition) == [partitions[1]] && found.first?.offset == 2
                }
            }
        }
    }
}
