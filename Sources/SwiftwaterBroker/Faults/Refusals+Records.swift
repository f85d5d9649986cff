extension ProduceRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> ProduceResponse? {
        guard acks != 0 else { return nil }
        return ProduceResponse(
            topics: topics.map { topic in
                .init(name: topic.name, partitions: topic.partitions.map { .init(index: $0.index, error: error) })
            })
    }
}

extension FetchRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> FetchResponse? {
        FetchResponse(
            topics: topics.map { topic in
                .init(name: topic.name, partitions: topic.partitions.map { .init(index: $0.index, error: error) })
            })
    }
}

extension ListOffsetsRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> ListOffsetsResponse? {
        ListOffsetsResponse(
            topics: topics.map { topic in
                .init(name: topic.name, partitions: topic.partitions.map { .init(index: $0.index, error: error) })
            })
    }
}

extension DeleteRecordsRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> DeleteRecordsResponse? {
        DeleteRecordsResponse(
            topics: topics.map { topic in
                .init(name: topic.name, partitions: topic.partitions.map { .init(index: $0.index, error: error) })
            })
    }
}

extension OffsetForLeaderEpochRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> OffsetForLeaderEpochResponse? {
        OffsetForLeaderEpochResponse(
            topics: topics.map { topic in
                .init(name: topic.name, partitions: topic.partitions.map { .init(index: $0.index, error: error) })
            })
    }
}

extension InitProducerIDRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> InitProducerIDResponse? { InitProducerIDResponse(error: error) }
}
