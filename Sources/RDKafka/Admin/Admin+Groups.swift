import CRDKafka
import Glibc

// A trap: sent to a coordinator that does not know the request (librdkafka's mock cluster), `deleteGroups` aborts the
// process in an assertion of 2.0.2. Every broker since Kafka 1.1 knows it.
extension Admin {
    /// The groups of all brokers; a broker that could not be asked is one of the errors.
    package func listGroups(timeout: Duration) throws(KafkaError) -> (groups: [GroupListing], errors: [KafkaError]) {
        let operation = "list groups"
        let reply = try unsafe request(operation, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout: timeout) {
            options, replies in
            unsafe rd_kafka_ListConsumerGroups(client, options, replies)
        }
        let result = unsafe rd_kafka_event_ListConsumerGroups_result(reply.event)
        let groups = unsafe AdminReply.read({ unsafe rd_kafka_ListConsumerGroups_result_valid(result, $0) }) { group in
            unsafe GroupListing(
                groupID: String(nullable: rd_kafka_ConsumerGroupListing_group_id(group)) ?? "",
                state: GroupState(rawValue: UInt32(rd_kafka_ConsumerGroupListing_state(group).rawValue)) ?? .unknown,
                isSimple: rd_kafka_ConsumerGroupListing_is_simple_consumer_group(group) == 1)
        }
        let errors = unsafe AdminReply.read(
            { unsafe rd_kafka_ListConsumerGroups_result_errors(result, $0) },
            { unsafe KafkaError(borrowing: $0, operation) })
        return (groups, errors)
    }

    /// A group that does not exist is described as `dead`.
    package func describeGroups(_ names: [String], timeout: Duration) throws(KafkaError) -> [GroupDescription] {
        let operation = "describe the group"
        guard !names.isEmpty else { return [] }
        var texts: [UnsafePointer<CChar>?] = unsafe names.map { unsafe UnsafePointer(strdup($0)) }
        defer { while let text = unsafe texts.popLast() { unsafe free(UnsafeMutablePointer(mutating: text)) } }
        let reply = try unsafe groupRequest(
            operation, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout: timeout,
            submit: { client, options, replies in
                unsafe rd_kafka_DescribeConsumerGroups(client, &texts, texts.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DescribeConsumerGroups_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_DescribeConsumerGroups_result_groups(result, $0) },
            { unsafe GroupDescription($0, operation) })
    }

    /// Groups with members are not deleted (`nonEmptyGroup`).
    package func deleteGroups(_ names: [String], timeout: Duration) throws(KafkaError) -> [AdminResult] {
        let operation = "delete the group"
        guard !names.isEmpty else { return [] }
        var handles: [OpaquePointer?] = unsafe names.map { unsafe rd_kafka_DeleteGroup_new($0) }
        defer { unsafe rd_kafka_DeleteGroup_destroy_array(&handles, handles.count) }
        let reply = try unsafe groupRequest(
            operation, RD_KAFKA_ADMIN_OP_DELETEGROUPS, timeout: timeout,
            submit: { client, options, replies in
                unsafe rd_kafka_DeleteGroups(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DeleteGroups_result(reply.event)
        return unsafe AdminReply.read(
            { unsafe rd_kafka_DeleteGroups_result_groups(result, $0) },
            { unsafe AdminReply.groupResult($0, operation) })
    }

    /// The group's committed offsets.
    ///
    /// - Parameters:
    ///   - partitions: nil for all that have one.
    ///   - requireStable: wait for transactions that commit offsets to end.
    package func groupOffsets(
        _ group: String, _ partitions: [TopicPartition]? = nil, requireStable: Bool = false, timeout: Duration
    ) throws(KafkaError) -> [PartitionOffset] {
        let operation = "list the group's offsets"
        let list = PartitionList(partitions ?? [])
        var handles: [OpaquePointer?] = unsafe [
            rd_kafka_ListConsumerGroupOffsets_new(group, partitions == nil ? nil : list.pointer)
        ]
        defer { unsafe rd_kafka_ListConsumerGroupOffsets_destroy_array(&handles, handles.count) }
        let reply = try unsafe groupRequest(
            operation, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout: timeout,
            options: { options in
                let error = unsafe rd_kafka_AdminOptions_set_require_stable_offsets(options, requireStable ? 1 : 0)
                guard let error = unsafe error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
                defer { unsafe rd_kafka_error_destroy(error) }
                return unsafe rd_kafka_error_code(error)
            },
            submit: { client, options, replies in
                unsafe rd_kafka_ListConsumerGroupOffsets(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_ListConsumerGroupOffsets_result(reply.event)
        return try unsafe offsets(operation) { unsafe rd_kafka_ListConsumerGroupOffsets_result_groups(result, $0) }
    }

    /// Sets offsets of a group without members; errors are also by partition.
    package func alterGroupOffsets(
        _ group: String, _ offsets: [PartitionOffset], timeout: Duration
    ) throws(KafkaError) -> [PartitionOffset] {
        let operation = "alter the group's offsets"
        guard !offsets.isEmpty else { return [] }
        let list = PartitionList(offsets)
        var handles: [OpaquePointer?] = unsafe [rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer)]
        defer { unsafe rd_kafka_AlterConsumerGroupOffsets_destroy_array(&handles, handles.count) }
        let reply = try unsafe groupRequest(
            operation, RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, timeout: timeout,
            submit: { client, options, replies in
                unsafe rd_kafka_AlterConsumerGroupOffsets(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_AlterConsumerGroupOffsets_result(reply.event)
        return try unsafe self.offsets(operation) {
            unsafe rd_kafka_AlterConsumerGroupOffsets_result_groups(result, $0)
        }
    }

    /// Deletes offsets of topics that the group does not subscribe to now; errors are also by partition.
    package func deleteGroupOffsets(
        _ group: String, _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [PartitionOffset] {
        let operation = "delete the group's offsets"
        guard !partitions.isEmpty else { return [] }
        let list = PartitionList(partitions)
        var handles: [OpaquePointer?] = unsafe [rd_kafka_DeleteConsumerGroupOffsets_new(group, list.pointer)]
        defer { unsafe rd_kafka_DeleteConsumerGroupOffsets_destroy_array(&handles, handles.count) }
        let reply = try unsafe groupRequest(
            operation, RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS, timeout: timeout,
            submit: { client, options, replies in
                unsafe rd_kafka_DeleteConsumerGroupOffsets(client, &handles, handles.count, options, replies)
            })
        let result = unsafe rd_kafka_event_DeleteConsumerGroupOffsets_result(reply.event)
        return try unsafe offsets(operation) { unsafe rd_kafka_DeleteConsumerGroupOffsets_result_groups(result, $0) }
    }

    private func offsets(
        _ operation: String, _ groups: (UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws(KafkaError) -> [PartitionOffset] {
        let results = unsafe AdminReply.read(groups) { group in
            unsafe (
                AdminReply.groupResult(group, operation), PartitionList.read(rd_kafka_group_result_partitions(group))
            )
        }
        try results.map(\.0).check()
        return results.flatMap(\.1)
    }
}

extension GroupDescription {
    fileprivate init(_ pointer: OpaquePointer, _ operation: String) {
        groupID = unsafe String(nullable: rd_kafka_ConsumerGroupDescription_group_id(pointer)) ?? ""
        state =
            unsafe GroupState(rawValue: UInt32(rd_kafka_ConsumerGroupDescription_state(pointer).rawValue)) ?? .unknown
        isSimple = unsafe rd_kafka_ConsumerGroupDescription_is_simple_consumer_group(pointer) == 1
        assignor = unsafe String(nullable: rd_kafka_ConsumerGroupDescription_partition_assignor(pointer)) ?? ""
        if let node = unsafe rd_kafka_ConsumerGroupDescription_coordinator(pointer) {
            coordinator = unsafe ClusterMetadata.Broker(
                id: rd_kafka_Node_id(node), host: String(nullable: rd_kafka_Node_host(node)) ?? "",
                port: Int(rd_kafka_Node_port(node)))
        }
        if let failure = unsafe rd_kafka_ConsumerGroupDescription_error(pointer) {
            error = unsafe KafkaError(borrowing: failure, operation, .group(groupID))
        }
        members = unsafe (0..<rd_kafka_ConsumerGroupDescription_member_count(pointer)).compactMap { index in
            guard let member = unsafe rd_kafka_ConsumerGroupDescription_member(pointer, index) else { return nil }
            let assignment = unsafe rd_kafka_MemberDescription_assignment(member)
            let partitions = unsafe assignment.flatMap { unsafe rd_kafka_MemberAssignment_partitions($0) }
            return unsafe Member(
                memberID: String(nullable: rd_kafka_MemberDescription_consumer_id(member)) ?? "",
                clientID: String(nullable: rd_kafka_MemberDescription_client_id(member)) ?? "",
                instanceID: String(nullable: rd_kafka_MemberDescription_group_instance_id(member)),
                host: String(nullable: rd_kafka_MemberDescription_host(member)) ?? "",
                assignment: PartitionList.read(partitions).map(\.topicPartition))
        }
    }
}
