/// What shows and changes the configurations of topics and of the broker.
struct ConfigRoutes: Sendable {
    var topics: TopicRegistry
    var endpoint: BrokerEndpoint
    var autoCreates: Bool

    func register(on router: inout RequestRouter) {
        router.on(DescribeConfigsRequest.self) { request, _ in describe(request) }
        router.on(AlterConfigsRequest.self) { request, _ in alter(request) }
        router.on(IncrementalAlterConfigsRequest.self) { request, _ in alter(request) }
    }

    private func describe(_ request: DescribeConfigsRequest) -> DescribeConfigsResponse {
        let resources = request.resources.map { resource -> DescribeConfigsResponse.Resource in
            var answer = DescribeConfigsResponse.Resource(type: resource.type, name: resource.name)
            do throws(TopicError) {
                answer.configs = try entries(resource.type, resource.name)
            } catch {
                answer.error = error.code
                answer.errorMessage = error.message
            }
            if let names = resource.configNames { answer.configs.removeAll { !names.contains($0.name) } }
            return answer
        }
        return DescribeConfigsResponse(resources: resources, includesSynonyms: request.includesSynonyms)
    }

    private func entries(_ type: Int8, _ name: String) throws(TopicError) -> [ConfigEntry] {
        switch type {
        case ConfigResourceType.topic:
            guard let topic = topics.topic(name) else { throw .unknownTopic }
            return TopicConfig.entries(topic.configs)
        case ConfigResourceType.broker:
            guard name == "\(endpoint.nodeID)" else {
                throw TopicError(
                    code: .invalidRequest,
                    message: "Unexpected broker id, expected \(endpoint.nodeID), but received \(name)")
            }
            return [
                ConfigEntry(
                    name: "auto.create.topics.enable", value: "\(autoCreates)", source: .staticBroker, type: .boolean,
                    isReadOnly: true, builtInValue: "true"),
                ConfigEntry(
                    name: "broker.id", value: "\(endpoint.nodeID)", source: .staticBroker, type: .int,
                    isReadOnly: true, builtInValue: "-1"),
            ]
        default: throw .noConfigs
        }
    }

    private func alter(_ request: AlterConfigsRequest) -> AlterConfigsResponse {
        let keys = request.resources.map { Key(type: $0.type, name: $0.name) }
        return AlterConfigsResponse(
            resources: request.resources.map { resource in
                let key = Key(type: resource.type, name: resource.name)
                return alter(key, among: keys, validateOnly: request.validateOnly) { _ throws(TopicError) in
                    var configs: [String: String] = [:]
                    for config in resource.configs {
                        guard configs[config.name] == nil else { throw .duplicateKeys }
                        guard let value = config.value else { throw .nullValue(config.name) }
                        configs[config.name] = value
                    }
                    return configs
                }
            })
    }

    private func alter(_ request: IncrementalAlterConfigsRequest) -> AlterConfigsResponse {
        let keys = request.resources.map { Key(type: $0.type, name: $0.name) }
        return AlterConfigsResponse(
            resources: request.resources.map { resource in
                let key = Key(type: resource.type, name: resource.name)
                return alter(key, among: keys, validateOnly: request.validateOnly) { configs throws(TopicError) in
                    try Self.change(configs, by: resource.changes)
                }
            })
    }

    private struct Key: Equatable {
        var type: Int8
        var name: String
    }

    private func alter(
        _ key: Key, among all: [Key], validateOnly: Bool,
        _ change: ([String: String]) throws(TopicError) -> [String: String]
    ) -> AlterConfigsResponse.Resource {
        do throws(TopicError) {
            guard all.count(where: { $0 == key }) == 1 else {
                throw TopicError(code: .invalidRequest, message: "Each resource must appear at most once.")
            }
            switch key.type {
            case ConfigResourceType.topic: try topics.alter(key.name, validateOnly: validateOnly, change)
            case ConfigResourceType.broker:
                throw TopicError(
                    code: .invalidConfig, message: "This broker's configuration is what it was started with.")
            default: throw .noConfigs
            }
            return .init(type: key.type, name: key.name)
        } catch {
            return .init(error: error.code, errorMessage: error.message, type: key.type, name: key.name)
        }
    }

    static func change(
        _ configs: [String: String], by changes: [IncrementalAlterConfigsRequest.Change]
    ) throws(TopicError) -> [String: String] {
        var configs = configs
        guard Set(changes.map(\.name)).count == changes.count else { throw .duplicateKeys }
        for change in changes {
            let definition = try TopicConfig.definition(of: change.name)
            if change.operation == 1 {
                configs[change.name] = nil
                continue
            }
            guard let value = change.value else { throw .nullValue(change.name) }
            switch change.operation {
            case 0: configs[change.name] = value
            case 2, 3:
                guard definition.type == .list else {
                    let verb = change.operation == 2 ? "append" : "subtract"
                    throw TopicError(
                        code: .invalidConfig,
                        message: "Config value \(verb) is not allowed for config key: \(change.name)")
                }
                let operands = TopicConfig.list(value)
                var list = TopicConfig.list(configs[change.name] ?? definition.builtIn)
                list.removeAll { operands.contains($0) }
                if change.operation == 2 { list += operands }
                configs[change.name] = list.joined(separator: ",")
            default:
                throw TopicError(code: .invalidRequest, message: "Unknown operation \(change.operation)")
            }
        }
        return configs
    }
}
