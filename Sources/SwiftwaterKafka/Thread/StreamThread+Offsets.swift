internal import RDKafka
internal import Swiftwater

extension StreamThread {
    /// Where tasks begin to read.
    struct StartingOffsets {
        var offsets: [InputPartition: PartitionOffset] = [:]
        /// Of these the group has committed nothing; they begin where their source wants to.
        var uncommitted: Set<InputPartition> = []
    }

    /// Where the group left off in each partition, and where it left nothing, where its source wants to begin.
    func startingOffsets(of inputs: [InputPartition]) throws -> StartingOffsets {
        var result = StartingOffsets()
        do throws(KafkaError) {
            let partitions = inputs.map { KafkaPartition($0.topic, $0.partition) }
            var beginnings: [KafkaPartition] = []
            var ends: [KafkaPartition] = []
            var times: [PartitionOffset] = []
            for entry in try consumer.committed(partitions, timeout: patience) {
                let partition = entry.topicPartition
                if entry.offset >= 0 {
                    result.offsets[InputPartition(partition.topic, partition.partition)] = entry
                    continue
                }
                result.uncommitted.insert(InputPartition(partition.topic, partition.partition))
                switch offsetReset(of: partition.topic) {
                case .earliest: beginnings.append(partition)
                case .latest: ends.append(partition)
                case .byDuration(let age):
                    let time = wallClock.now().rawValue - Int64(age / .milliseconds(1))
                    times.append(PartitionOffset(partition, max(0, time)))
                case .none:
                    throw KafkaError(
                        .noOffset, operation: "find the committed offset", subject: .partition(partition))
                }
            }
            let found = try consumer.offsetsForTimes(times, timeout: patience)
            // Of a partition without younger records there is no offset.
            ends += found.filter { $0.offset < 0 }.map(\.topicPartition)
            for entry in try found.filter({ $0.offset >= 0 }) + consumer.beginningOffsets(beginnings, timeout: patience)
                + consumer.endOffsets(ends, timeout: patience)
            {
                result.offsets[InputPartition(entry.topicPartition.topic, entry.topicPartition.partition)] = entry
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

    /// State that is ahead of the group's offsets would count records twice that are read again (Design/Runtime.md).
    func requireOffsets(_ offsets: StartingOffsets, toCover checkpoint: TaskCheckpoint, of task: TaskID) throws {
        let found = offsets.offsets.mapValues(\.offset)
        guard let gap = OffsetGap.first(in: checkpoint, found: found, uncommitted: offsets.uncommitted) else { return }
        let place = StreamsError.Place(
            task: task.description, topic: gap.input.topic, partition: gap.input.partition, offset: gap.kept)
        switch gap.kind {
        case .gone:
            throw StreamsError(
                .offsets,
                """
                the group's offset is gone (expired or deleted), but the state holds the records before it: commit the \
                offset again, or remove the state (cleanUp) and the changelogs to begin anew
                """,
                at: place
            )
        case .setBack(let offset):
            throw StreamsError(
                .offsets,
                """
                the group's offset was set back to \(offset), but the state holds later records: commit the offset \
                again, or remove the state (cleanUp) and the changelogs to process them anew
                """,
                at: place
            )
        }
    }

    private func offsetReset(of topic: String) -> OffsetReset {
        // What we repartition ourselves is never skipped.
        if plan.repartitionTopics.contains(topic) { return .earliest }
        for node in context.topology.nodes {
            let topics =
                if case .source(let topics, _) = node.kind { topics } else {
                    context.topology.matchedTopics[node.name] ?? []
                }
            if topics.contains(topic) { return node.offsetReset ?? configuration.offsetReset }
        }
        return configuration.offsetReset
    }
}
