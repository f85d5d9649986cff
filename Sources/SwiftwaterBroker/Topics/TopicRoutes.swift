/// What creates, shows and removes topics.
struct TopicRoutes: Sendable {
    var topics: TopicRegistry
    var endpoint: BrokerEndpoint
    var clusterID: String
    var autoCreates: Bool
    /// Told of each topic that was deleted.
    var onDelete: @Sendable (_ topic: String) async -> Void

    func register(on router: inout RequestRouter) {
        router.on(MetadataRequest.self) { request, _ in metadata(request) }
        router.on(CreateTopicsRequest.self) { request, _ in create(request) }
        router.on(DeleteTopicsRequest.self) { request, _ in await delete(request) }
        router.on(CreatePartitionsRequest.self) { request, _ in createPartitions(request) }
    }

    private func metadata(_ request: MetadataRequest) -> MetadataResponse {
        let answers: [MetadataResponse.Topic]
        if let names = request.topics {
            answers = names.map { metadata($0, creates: autoCreates && request.allowsAutoCreation) }
        } else {
            answers = topics.all.map { .init(name: $0.name, partitionCount: Int32($0.partitions.count)) }
        }
        return MetadataResponse(broker: endpoint, clusterID: clusterID, topics: answers)
    }

    private func metadata(_ name: String, creates: Bool) -> MetadataResponse.Topic {
        guard TopicRegistry.isValid(name) else { return .init(error: .invalidTopic, name: name) }
        if creates, topics.topic(name) == nil {
            // Somebody else may have created it by now, which is as good.
            _ = try? topics.create(name, partitionCount: nil, configs: [:], validateOnly: false)
        }
        guard let topic = topics.topic(name) else { return .init(error: .unknownTopicOrPartition, name: name) }
        return .init(name: name, partitionCount: Int32(topic.partitions.count))
    }

    private func create(_ request: CreateTopicsRequest) -> CreateTopicsResponse {
        let names = request.topics.map(\.name)
        return CreateTopicsResponse(
            topics: request.topics.map { topic in
                do throws(TopicError) {
                    if names.count(where: { $0 == topic.name }) > 1 {
                        throw TopicError(code: .invalidRequest, message: "Topic '\(topic.name)' is named twice.")
                    }
                    return try create(topic, validateOnly: request.validateOnly)
                } catch {
                    return .init(name: topic.name, error: error.code, errorMessage: error.message)
                }
            })
    }

    private func create(
        _ topic: CreateTopicsRequest.Topic, validateOnly: Bool
    ) throws(TopicError) -> CreateTopicsResponse.Topic {
        var count = topic.partitionCount == -1 ? nil : Int(topic.partitionCount)
        if topic.assignments.isEmpty {
            guard topic.replicationFactor == -1 || topic.replicationFactor == 1 else {
                throw TopicError(
                    code: .invalidReplicationFactor,
                    message: "Replication factor \(topic.replicationFactor): there is 1 broker.")
            }
        } else {
            guard topic.assignments.map(\.partition).sorted() == Array(0..<Int32(topic.assignments.count)),
                topic.assignments.allSatisfy({ $0.brokers == [endpoint.nodeID] })
            else {
                throw TopicError(
                    code: .invalidReplicaAssignment,
                    message: "Every partition from 0 on must be assigned to broker \(endpoint.nodeID) alone.")
            }
            count = topic.assignments.count
        }
        var configs: [String: String] = [:]
        for config in topic.configs {
            guard let value = config.value else {
                throw TopicError(code: .invalidConfig, message: "Null value for configuration \(config.name)")
            }
            configs[config.name] = value
        }
        let created = try topics.create(
            topic.name, partitionCount: count, configs: configs, validateOnly: validateOnly)
        return .init(name: topic.name, partitionCount: Int32(created), configs: TopicConfig.entries(configs))
    }

    private func delete(_ request: DeleteTopicsRequest) async -> DeleteTopicsResponse {
        var answers: [DeleteTopicsResponse.Topic] = []
        for name in request.names {
            do throws(TopicError) {
                try topics.delete(name)
                await onDelete(name)
                answers.append(.init(name: name, error: .none))
            } catch {
                answers.append(.init(name: name, error: error.code, errorMessage: error.message))
            }
        }
        return DeleteTopicsResponse(topics: answers)
    }

    private func createPartitions(_ request: CreatePartitionsRequest) -> CreatePartitionsResponse {
        CreatePartitionsResponse(
            topics: request.topics.map { topic in
                do throws(TopicError) {
                    try topics.addPartitions(topic.name, count: Int(topic.count), validateOnly: request.validateOnly)
                    return .init(name: topic.name)
                } catch {
                    return .init(name: topic.name, error: error.code, errorMessage: error.message)
                }
            })
    }
}
