import Glibc

extension GroupCoordinator {
    func commit(_ request: OffsetCommitRequest) async -> OffsetCommitResponse {
        let offered = await offer(request.topics)
        // From here on nothing is awaited: what the group admits is written before anything else can happen to it.
        var error = admission(of: request)
        if error == .none, !offered.entries.isEmpty {
            error = write(.commit(group: request.groupID, entries: offered.entries), to: request.groupID) { offsets in
                for entry in offered.entries {
                    offsets.commit(entry.offset, topic: entry.topic, partition: entry.partition)
                }
            }
        }
        return OffsetCommitResponse(topics: offered.results(error))
    }

    /// Sorts out what can be committed at all.
    func offer(_ topics: [OffsetCommitRequest.Topic]) async -> OfferedOffsets {
        let timestamp = Self.timestamp()
        var offered = OfferedOffsets()
        for topic in topics {
            var results: [(index: Int32, error: ErrorCode)] = []
            for partition in topic.partitions {
                let metadata = partition.metadata ?? ""
                if await !surroundings.hasPartition(topic.name, partition.index) {
                    results.append((partition.index, .unknownTopicOrPartition))
                } else if metadata.utf8.count > configuration.maximumOffsetMetadata {
                    results.append((partition.index, .offsetMetadataTooLarge))
                } else {
                    results.append((partition.index, .none))
                    let offset = CommittedOffset(
                        offset: partition.offset, leaderEpoch: partition.leaderEpoch, metadata: metadata,
                        timestamp: timestamp)
                    offered.entries.append(.init(topic: topic.name, partition: partition.index, offset: offset))
                }
            }
            offered.topics.append((topic.name, results))
        }
        return offered
    }

    /// Writes the record, then makes its change.
    func write(
        _ record: OffsetLogRecord, to group: String, _ change: (inout GroupOffsets) -> Void
    ) -> ErrorCode {
        guard self.record(record) else { return .coordinatorNotAvailable }
        withGroup(group) { group, _ in
            change(&group.offsets)
            return ((), [])
        }
        compactIfDue()
        return .none
    }

    private func admission(of request: OffsetCommitRequest) -> ErrorCode {
        let now = now
        if let error = groups[request.groupID]?.admitCommit(
            memberID: request.memberID, instanceID: request.instanceID, generation: request.generation, now: now)
        {
            return error
        }
        if request.generation >= 0 { return .illegalGeneration }
        return groups.count < configuration.maximumGroups ? .none : .coordinatorNotAvailable
    }

    func fetch(_ request: OffsetFetchRequest) -> OffsetFetchResponse {
        let offsets = groups[request.groupID]?.offsets ?? GroupOffsets()
        let asked =
            request.topics
            ?? offsets.all.sorted { $0.key < $1.key }.map { .init(name: $0.key, partitions: $0.value.keys.sorted()) }
        let topics = asked.map { topic in
            let partitions = topic.partitions.map { partition in
                if request.requiresStable, offsets.isPending(topic.name, partition) {
                    return OffsetFetchResponse.Partition(index: partition, offset: nil, error: .unstableOffsetCommit)
                }
                return OffsetFetchResponse.Partition(
                    index: partition, offset: offsets[topic.name, partition], error: .none)
            }
            return (name: topic.name, partitions: partitions)
        }
        return OffsetFetchResponse(error: .none, topics: topics)
    }

    /// Its offsets go with it: a topic of the same name that comes later is another one.
    package func topicDeleted(_ topic: String) {
        let affected = groups.filter { $0.value.offsets.mentions(topic) }.keys
        guard !affected.isEmpty else { return }
        record(.removeTopic(topic))
        for id in affected {
            withGroup(id) { group, _ in
                group.offsets.removeTopic(topic)
                return ((), [])
            }
        }
    }

    private static func timestamp() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
