extension FindCoordinatorRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> FindCoordinatorResponse? {
        FindCoordinatorResponse(error: error, keys: keys, node: (id: -1, host: "", port: -1))
    }
}

extension JoinGroupRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> JoinGroupResponse? {
        JoinGroupResponse(answer: .failed(error, memberID: memberID))
    }
}

extension SyncGroupRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> SyncGroupResponse? { SyncGroupResponse(answer: .failed(error)) }
}

extension HeartbeatRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> HeartbeatResponse? { HeartbeatResponse(error: error) }
}

extension LeaveGroupRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> LeaveGroupResponse? { LeaveGroupResponse(error: error, members: []) }
}

extension OffsetCommitRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> OffsetCommitResponse? {
        OffsetCommitResponse(
            topics: topics.map { topic in
                (name: topic.name, partitions: topic.partitions.map { (index: $0.index, error: error) })
            })
    }
}

extension OffsetFetchRequest: RefusableRequest {
    var topicNames: [String] { topics?.map(\.name) ?? [] }

    func refusal(_ error: ErrorCode) -> OffsetFetchResponse? {
        OffsetFetchResponse(
            error: error,
            topics: (topics ?? []).map { topic in
                (
                    name: topic.name,
                    partitions: topic.partitions.map { .init(index: $0, offset: nil, error: error) }
                )
            })
    }
}

extension OffsetDeleteRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> OffsetDeleteResponse? { OffsetDeleteResponse(error: error, topics: []) }
}

extension DeleteGroupsRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> DeleteGroupsResponse? {
        DeleteGroupsResponse(results: groupIDs.map { (id: $0, error: error) })
    }
}
