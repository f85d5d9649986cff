import CRDKafka

extension Admin {
    /// Replaces all that a resource has of its own: what is not named goes back to its default.
    package func alterConfigs(
        _ resources: [ConfigResource: [String: String]], validateOnly: Bool = false, timeout: Duration
    ) throws(KafkaError) -> [AdminResult] {
        let operation = "alter the configuration"
        guard !resources.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe resources.keys.map { resource in
            switch resource {
            case .topic(let name): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
            case .broker(let id): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, String(id))
            }
        }
        defer { unsafe rd_kafka_ConfigResource_destroy_array(&handles, handles.count) }
        for (index, configs) in resources.values.enumerated() {
            for (name, value) in configs {
                try check(unsafe rd_kafka_ConfigResource_set_config(handles[index], name, value), operation)
            }
        }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_ALTERCONFIGS, timeout: timeout,
            options: { unsafe rd_kafka_AdminOptions_set_validate_only($0, validateOnly ? 1 : 0, nil, 0) },
            submit: { options, replies in
                unsafe rd_kafka_AlterConfigs(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_AlterConfigs_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_AlterConfigs_result_resources(result, $0) },
            { pointer in
                let name = unsafe String(nullable: rd_kafka_ConfigResource_name(pointer)) ?? ""
                let error = unsafe KafkaErrorCode(failure: rd_kafka_ConfigResource_error(pointer)).map { code in
                    unsafe KafkaError(
                        code, operation: operation,
                        message: String(nullable: rd_kafka_ConfigResource_error_string(pointer)),
                        subject: .topic(name))
                }
                return AdminResult(name: name, error: error)
            })
    }
}
