import CRDKafka

extension Admin {
    /// One result a topic, in no particular order; `topicAlreadyExists` is one of them.
    package func createTopics(
        _ topics: [NewTopic], validateOnly: Bool = false, timeout: Duration
    ) throws(KafkaError) -> [AdminResult] {
        let operation = "create the topic"
        guard !topics.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe []
        defer { unsafe rd_kafka_NewTopic_destroy_array(&handles, handles.count) }
        for topic in topics {
            // librdkafka would wait for a controller before it finds these out.
            guard !topic.name.isEmpty, topic.partitions > 0 || topic.partitions == -1 else {
                throw KafkaError(
                    .invalidArgument, operation: operation,
                    message: "a topic needs a name and at least one partition, not \(topic.partitions)",
                    subject: .topic(topic.name))
            }
            let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 512)
            defer { unsafe text.deallocate() }
            unsafe text.initialize(repeating: 0)
            guard
                let handle = unsafe rd_kafka_NewTopic_new(
                    topic.name, Int32(clamping: topic.partitions), Int32(clamping: topic.replicationFactor),
                    text.baseAddress, text.count)
            else {
                throw unsafe KafkaError(
                    .invalidArgument, operation: operation, message: String(cBuffer: text), subject: .topic(topic.name))
            }
            unsafe handles.append(handle)
            for (key, value) in topic.configuration.sorted(by: { $0.key < $1.key }) {
                try check(
                    unsafe rd_kafka_NewTopic_set_config(handle, key, value), operation,
                    .configuration(key: key, value: value))
            }
        }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout: timeout,
            options: { options in
                let code = unsafe rd_kafka_AdminOptions_set_validate_only(options, validateOnly ? 1 : 0, nil, 0)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return code }
                return unsafe rd_kafka_AdminOptions_set_operation_timeout(options, timeout.milliseconds, nil, 0)
            },
            submit: { options, replies in
                unsafe rd_kafka_CreateTopics(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_CreateTopics_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_CreateTopics_result_topics(result, $0) },
            { unsafe AdminReply.topicResult($0, operation) })
    }

    package func deleteTopics(_ names: [String], timeout: Duration) throws(KafkaError) -> [AdminResult] {
        let operation = "delete the topic"
        guard !names.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe names.map { unsafe rd_kafka_DeleteTopic_new($0) }
        defer { unsafe rd_kafka_DeleteTopic_destroy_array(&handles, handles.count) }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout: timeout,
            options: { unsafe rd_kafka_AdminOptions_set_operation_timeout($0, timeout.milliseconds, nil, 0) },
            submit: { options, replies in
                unsafe rd_kafka_DeleteTopics(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DeleteTopics_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_DeleteTopics_result_topics(result, $0) },
            { unsafe AdminReply.topicResult($0, operation) })
    }

    /// Raises topics to so many partitions.
    package func createPartitions(_ totals: [String: Int], timeout: Duration) throws(KafkaError) -> [AdminResult] {
        let operation = "add partitions"
        guard !totals.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe []
        defer { unsafe rd_kafka_NewPartitions_destroy_array(&handles, handles.count) }
        for (name, total) in totals.sorted(by: { $0.key < $1.key }) {
            let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 512)
            defer { unsafe text.deallocate() }
            unsafe text.initialize(repeating: 0)
            guard
                let handle = unsafe rd_kafka_NewPartitions_new(name, max(0, total), text.baseAddress, text.count)
            else {
                throw unsafe KafkaError(
                    .invalidArgument, operation: operation, message: String(cBuffer: text), subject: .topic(name))
            }
            unsafe handles.append(handle)
        }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, timeout: timeout,
            options: { unsafe rd_kafka_AdminOptions_set_operation_timeout($0, timeout.milliseconds, nil, 0) },
            submit: { options, replies in
                unsafe rd_kafka_CreatePartitions(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_CreatePartitions_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_CreatePartitions_result_topics(result, $0) },
            { unsafe AdminReply.topicResult($0, operation) })
    }

    /// Deletes the records before the offsets (`KafkaOffset.end`: all); answers with the new first offsets, or errors by partition.
    package func deleteRecords(
        before offsets: [PartitionOffset], timeout: Duration
    ) throws(KafkaError) -> [PartitionOffset] {
        let operation = "delete records"
        guard !offsets.isEmpty else { return [] }
        let list = PartitionList(offsets)
        var handles: [OpaquePointer?] = unsafe [rd_kafka_DeleteRecords_new(list.pointer)]
        defer { unsafe rd_kafka_DeleteRecords_destroy_array(&handles, handles.count) }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_DELETERECORDS, timeout: timeout,
            options: { unsafe rd_kafka_AdminOptions_set_operation_timeout($0, timeout.milliseconds, nil, 0) },
            submit: { options, replies in
                unsafe rd_kafka_DeleteRecords(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DeleteRecords_result(reply.event)
        return unsafe PartitionList.read(rd_kafka_DeleteRecords_result_offsets(result))
    }

    /// One broker at most in a request: librdkafka sends it to that broker.
    package func describeConfigs(
        _ resources: [ConfigResource], timeout: Duration
    ) throws(KafkaError) -> [ConfigDescription] {
        let operation = "describe the configuration"
        guard !resources.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe resources.map { resource in
            switch resource {
            case .topic(let name): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
            case .broker(let id): unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, String(id))
            }
        }
        defer { unsafe rd_kafka_ConfigResource_destroy_array(&handles, handles.count) }
        let reply = try unsafe request(
            operation, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout: timeout,
            submit: { options, replies in
                unsafe rd_kafka_DescribeConfigs(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DescribeConfigs_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_DescribeConfigs_result_resources(result, $0) },
            { unsafe ConfigDescription($0, operation) })
    }
}

extension ConfigDescription {
    fileprivate init(_ pointer: OpaquePointer, _ operation: String) {
        let name = unsafe String(nullable: rd_kafka_ConfigResource_name(pointer)) ?? ""
        if unsafe rd_kafka_ConfigResource_type(pointer) == RD_KAFKA_RESOURCE_BROKER {
            resource = .broker(Int32(name) ?? -1)
        } else {
            resource = .topic(name)
        }
        error = unsafe KafkaErrorCode(failure: rd_kafka_ConfigResource_error(pointer)).map { code in
            unsafe KafkaError(
                code, operation: operation, message: String(nullable: rd_kafka_ConfigResource_error_string(pointer)),
                subject: .topic(name))
        }
        entries = unsafe AdminReply.read({ unsafe rd_kafka_ConfigResource_configs(pointer, $0) }) { entry in
            unsafe Entry(
                name: String(nullable: rd_kafka_ConfigEntry_name(entry)) ?? "",
                value: String(nullable: rd_kafka_ConfigEntry_value(entry)),
                source: Source(rawValue: Int32(rd_kafka_ConfigEntry_source(entry).rawValue)) ?? .unknown,
                isReadOnly: rd_kafka_ConfigEntry_is_read_only(entry) == 1,
                isDefault: rd_kafka_ConfigEntry_is_default(entry) == 1,
                isSensitive: rd_kafka_ConfigEntry_is_sensitive(entry) == 1)
        }
    }
}
