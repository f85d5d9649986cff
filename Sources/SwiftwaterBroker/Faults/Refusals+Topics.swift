extension MetadataResponse: FailableResponse {
    mutating func fail(_ error: ErrorCode) {
        topics = topics.map { .init(error: error, name: $0.name) }
    }
}

extension CreateTopicsRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> CreateTopicsResponse? {
        CreateTopicsResponse(topics: topics.map { .init(name: $0.name, error: error) })
    }
}

extension DeleteTopicsRequest: RefusableRequest {
    var topicNames: [String] { names }

    func refusal(_ error: ErrorCode) -> DeleteTopicsResponse? {
        DeleteTopicsResponse(topics: names.map { .init(name: $0, error: error) })
    }
}

extension CreatePartitionsRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> CreatePartitionsResponse? {
        CreatePartitionsResponse(topics: topics.map { .init(name: $0.name, error: error) })
    }
}

extension DescribeConfigsRequest: RefusableRequest {
    var topicNames: [String] { resources.filter { $0.type == ConfigResourceType.topic }.map(\.name) }

    func refusal(_ error: ErrorCode) -> DescribeConfigsResponse? {
        DescribeConfigsResponse(
            resources: resources.map { .init(error: error, type: $0.type, name: $0.name) },
            includesSynonyms: includesSynonyms)
    }
}

extension AlterConfigsRequest: RefusableRequest {
    var topicNames: [String] { resources.filter { $0.type == ConfigResourceType.topic }.map(\.name) }

    func refusal(_ error: ErrorCode) -> AlterConfigsResponse? {
        AlterConfigsResponse(resources: resources.map { .init(error: error, type: $0.type, name: $0.name) })
    }
}

extension IncrementalAlterConfigsRequest: RefusableRequest {
    var topicNames: [String] { resources.filter { $0.type == ConfigResourceType.topic }.map(\.name) }

    func refusal(_ error: ErrorCode) -> AlterConfigsResponse? {
        AlterConfigsResponse(resources: resources.map { .init(error: error, type: $0.type, name: $0.name) })
    }
}
