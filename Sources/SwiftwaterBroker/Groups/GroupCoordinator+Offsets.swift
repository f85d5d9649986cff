import Glibc

extension GroupCoordinator {
    func commit(_ request: OffsetCommitRequest) async -> OffsetCommitResponse {
        var unknown: Set<String> = []
        for topic in request.topics {
            for partition in topic.partitions where await !surroundings.hasPartition(topic.name, partition.index) {
                unknown.insert("\(topic.name)/\(partition.index)")
            }
        }
        // From here on nothing is awaited: what the group admits is written before anything else can happen to it.
        var error = admission(of: request)
        let timestamp = Self.timestamp()
        var entries: [OffsetLogRecord.Entry] = []
        var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])] = []
        for topic in request.topics {
            var results: [(index: Int32, error: ErrorCode)] = []
            for partition in topic.partitions {
                let metadata = partition.metadata ?? ""
                if unknown.contains("\(topic.name)/\(partition.index)") {
                    results.append((partition.index, .unknownTopicOrPartition))
                } else if metadata.utf8.count > configuration.maximumOffsetMetadata {
                    results.append((partition.index, .offsetMetadataTooLarge))
                } else {
                    results.append((partition.index, error))
                    let offset = CommittedOffset(
                        offset: partition.offset, leaderEpoch: partition.leaderEpoch, metadata: metadata,
                        timestamp: timestamp)
                    entries.append(.init(topic: topic.name, partition: partition.index, offset: offset))
                }
            }
            topics.append((topic.name, results))
        }
        if error == .none, !entries.isEmpty {
            if record(.commit(group: request.groupID, entries: entries)) {
                withGroup(request.groupID) { group, _ in
                    for entry in entries {
                        group.offsets.commit(entry.offset, topic: entry.topic, partition: entry.partition)
                    }
                    return ((), [])
                }
                compactIfDue()
            } else {
                error = .coordinatorNotAvailable
            }
        }
        if error != .none {
            for index in topics.indices {
                topics[index].partitions = topics[index].partitions.map {
                    ($0.index, $0.error == .none ? error : $0.error)
                }
            }
        }
        return OffsetCommitResponse(topics: topics)
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
