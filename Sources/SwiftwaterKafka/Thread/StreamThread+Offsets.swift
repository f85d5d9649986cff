internal import RDKafka
internal import Swiftwater

extension StreamThread {
    /// Where the group left off in each partition, and where it left nothing, where its source wants to begin.
    func startingOffsets(of inputs: [InputPartition]) throws -> [InputPartition: PartitionOffset] {
        var result: [InputPartition: PartitionOffset] = [:]
        do throws(KafkaError) {
            let partitions = inputs.map { KafkaPartition($0.topic, $0.partition) }
            var beginnings: [KafkaPartition] = []
            var ends: [KafkaPartition] = []
            for entry in try consumer.committed(partitions, timeout: patience) {
                let partition = entry.topicPartition
                if entry.offset >= 0 {
                    result[InputPartition(partition.topic, partition.partition)] = entry
                    continue
                }
                switch offsetReset(of: partition.topic) {
                case .earliest: beginnings.append(partition)
                case .latest: ends.append(partition)
                case .none:
                    throw KafkaError(
                        .noOffset, operation: "find the committed offset", subject: .partition(partition))
                }
            }
            for entry in try consumer.beginningOffsets(beginnings, timeout: patience)
                + consumer.endOffsets(ends, timeout: patience)
            {
                result[InputPartition(entry.topicPartition.topic, entry.topicPartition.partition)] = entry
            }
        } catch  where error.code == .noOffset {
            throw StreamsError(
                .offsets,
                "the group has no offset, and the source is to begin nowhere without one: commit one, or allow earliest or latest",
                cause: error
            )
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot learn where to begin", cause: error)
        }
        return result
    }

    private func offsetReset(of topic: String) -> OffsetReset {
        // What we repartition ourselves is never skipped.
        if plan.repartitionTopics.contains(topic) { return .earliest }
        for node in context.topology.nodes {
            guard case .source(let topics, _) = node.kind, topics.contains(topic) else { continue }
            return node.offsetReset ?? configuration.offsetReset
        }
        return configuration.offsetReset
    }
}
