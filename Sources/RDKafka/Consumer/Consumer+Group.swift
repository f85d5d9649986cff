import CRDKafka

extension Consumer {
    /// The member's identity in its group's present generation; to be taken when partitions are assigned.
    package func groupMetadata() throws(KafkaError) -> GroupMetadata {
        let client = try unsafe open("read the group's metadata")
        guard let metadata = unsafe rd_kafka_consumer_group_metadata(client) else {
            throw KafkaError(.localUnknownGroup, operation: "read the group's metadata")
        }
        defer { unsafe rd_kafka_consumer_group_metadata_destroy(metadata) }
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        try unsafe check(
            error: rd_kafka_consumer_group_metadata_write(metadata, &buffer, &size), "read the group's metadata")
        defer { unsafe rd_kafka_mem_free(client, buffer) }
        guard
            let serialized = unsafe GroupMetadata(
                serialized: Array(UnsafeRawBufferPointer(start: buffer, count: size)))
        else {
            throw KafkaError(
                .unsupportedFeature, operation: "read the group's metadata",
                message: "this librdkafka writes group metadata in an unknown form")
        }
        return serialized
    }

    /// The member id that the group's coordinator gave; empty before the group was joined.
    package var memberID: String {
        guard let client = unsafe client, let text = unsafe rd_kafka_memberid(client) else { return "" }
        defer { unsafe rd_kafka_mem_free(client, text) }
        return unsafe String(cString: text)
    }

    /// Whether the partitions were taken away without being asked for, so that nothing can be committed.
    package var assignmentLost: Bool {
        guard let client = unsafe client else { return true }
        return unsafe rd_kafka_assignment_lost(client) != 0
    }

    /// Not to be asked while closing: 2.0.2 can hang (#4041).
    package var rebalanceProtocol: RebalanceProtocol {
        guard let client = unsafe client else { return .none }
        return unsafe RebalanceProtocol(rawValue: String(cString: rd_kafka_rebalance_protocol(client))) ?? .none
    }

    /// The error that ended the client for good, if there is one.
    package var fatalError: KafkaError? {
        guard let client = unsafe client else { return nil }
        return unsafe KafkaError(fatalOf: client, "go on")
    }
}
