import NIOCore

extension GroupCoordinator {
    func describe(_ request: DescribeGroupsRequest) -> DescribeGroupsResponse {
        DescribeGroupsResponse(groups: request.groupIDs.map { groups[$0]?.description ?? .dead($0) })
    }

    func list(_ request: ListGroupsRequest) -> ListGroupsResponse {
        let wanted = Set(request.states.map { $0.lowercased() })
        let listed = groups.values.lazy
            .filter { wanted.isEmpty || wanted.contains($0.state.rawValue.lowercased()) }
            .map { (id: $0.id, protocolType: $0.protocolType ?? "", state: $0.state) }
        return ListGroupsResponse(groups: listed.sorted { $0.id < $1.id })
    }

    func delete(_ request: DeleteGroupsRequest) -> DeleteGroupsResponse {
        DeleteGroupsResponse(results: request.groupIDs.map { ($0, delete($0)) })
    }

    private func delete(_ id: String) -> ErrorCode {
        guard let group = groups[id] else { return .groupIDNotFound }
        guard group.state == .empty else { return .nonEmptyGroup }
        guard record(.removeGroup(id)) else { return .coordinatorNotAvailable }
        groups[id] = nil
        forgetDeadline(of: id)
        return .none
    }

    func delete(_ request: OffsetDeleteRequest) -> OffsetDeleteResponse {
        guard let group = groups[request.groupID] else {
            return OffsetDeleteResponse(error: .groupIDNotFound, topics: [])
        }
        guard group.state == .empty || group.protocolType == "consumer" else {
            return OffsetDeleteResponse(error: .nonEmptyGroup, topics: [])
        }
        let subscribed = group.subscribedTopics
        let topics = request.topics.map { topic in
            var error = subscribed.contains(topic.name) ? ErrorCode.groupSubscribedToTopic : .none
            if error == .none {
                let removal = OffsetLogRecord.removeOffsets(
                    group: request.groupID, topic: topic.name, partitions: topic.partitions)
                if record(removal) {
                    withGroup(request.groupID) { group, _ in
                        for partition in topic.partitions { group.offsets.remove(topic.name, partition) }
                        return ((), [])
                    }
                } else {
                    error = .coordinatorNotAvailable
                }
            }
            return (name: topic.name, partitions: topic.partitions.map { (index: $0, error: error) })
        }
        return OffsetDeleteResponse(error: .none, topics: topics)
    }

    /// There is one broker, so it coordinates everything.
    func find(_ request: FindCoordinatorRequest) async -> FindCoordinatorResponse {
        let error: ErrorCode = request.keyType == 0 || request.keyType == 1 ? .none : .invalidRequest
        return FindCoordinatorResponse(error: error, keys: request.keys, node: await surroundings.node())
    }
}

extension Group {
    /// What the members' subscriptions name; unreadable ones name nothing.
    var subscribedTopics: Set<String> {
        Set(
            members.values.flatMap { member -> [String] in
                var reader = ProtocolReader(ByteBuffer(bytes: member.metadata(for: protocolName ?? "")))
                guard (try? reader.int16()) != nil else { return [] }
                return (try? reader.stringArray()) ?? []
            })
    }
}
