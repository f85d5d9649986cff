import CRDKafka

/// Brokers and topics as a broker described them.
package struct ClusterMetadata: Sendable {
    package struct Broker: Hashable, Sendable {
        package var id: Int32
        package var host: String
        package var port: Int
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
        /// Such as `unknownTopicOrPartition`.
        package var error: KafkaErrorCode?
    }

    package struct Partition: Sendable {
        package var id: Int32
        /// -1 if there is none now.
        package var leader: Int32
        package var replicas: [Int32]
        package var inSyncReplicas: [Int32]
        package var error: KafkaErrorCode?
    }

    package var brokers: [Broker]
    package var topics: [Topic]
    /// The broker that answered.
    package var answeringBroker: Int32

    static func fetch(
        _ client: OpaquePointer, topic: OpaquePointer?, all: Bool, timeout: Duration
    ) throws(KafkaError) -> ClusterMetadata {
        var pointer: UnsafePointer<rd_kafka_metadata>?
        try check(
            unsafe rd_kafka_metadata(client, all ? 1 : 0, topic, &pointer, timeout.milliseconds),
            "read cluster metadata")
        defer { unsafe rd_kafka_metadata_destroy(pointer) }
        guard let metadata = unsafe pointer?.pointee else {
            throw KafkaError(.unknown, operation: "read cluster metadata")
        }
        return unsafe ClusterMetadata(
            brokers: UnsafeBufferPointer(start: metadata.brokers, count: Int(metadata.broker_cnt)).map { broker in
                unsafe Broker(id: broker.id, host: String(nullable: broker.host) ?? "", port: Int(broker.port))
            },
            topics: UnsafeBufferPointer(start: metadata.topics, count: Int(metadata.topic_cnt)).map { topic in
                unsafe Topic(
                    name: String(nullable: topic.topic) ?? "",
                    partitions: UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt)).map {
                        entry in
                        unsafe Partition(
                            id: entry.id, leader: entry.leader,
                            replicas: Array(UnsafeBufferPointer(start: entry.replicas, count: Int(entry.replica_cnt))),
                            inSyncReplicas: Array(UnsafeBufferPointer(start: entry.isrs, count: Int(entry.isr_cnt))),
                            error: KafkaErrorCode(failure: entry.err))
                    },
                    error: KafkaErrorCode(failure: topic.err))
            },
            answeringBroker: metadata.orig_broker_id
        )
    }
}
