import CRDKafka

/// librdkafka's cluster in memory, for tests of this process.
///
/// It keeps 5 MiB a partition and loses the rest while acknowledging; has no admin requests; a second group member waits
/// for the session time-out less a second; aborts the process if members name different assignors first.
@safe
package final class MockCluster {
    private let client: OpaquePointer
    private let cluster: OpaquePointer
    private let state = ClientState(log: nil)
    package let bootstrapServers: String

    package init(brokers: Int = 1) throws(KafkaError) {
        let handle = try ConfigurationHandle(KafkaConfiguration())
        state.register(in: handle)
        unsafe client = try handle.makeClient(RD_KAFKA_PRODUCER, "make a mock cluster")
        guard let cluster = unsafe rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
            unsafe rd_kafka_destroy(client)
            throw KafkaError(.failed, operation: "make a mock cluster")
        }
        unsafe self.cluster = cluster
        unsafe bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
    }

    deinit {
        unsafe rd_kafka_mock_cluster_destroy(cluster)
        unsafe rd_kafka_destroy(client)
    }

    package func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        try check(
            unsafe rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1), "create a mock topic", .topic(name))
    }

    /// The next requests of this kind (Kafka's number for it) fail so, one after the other.
    package func failNext(apiKey: Int16, _ codes: [KafkaErrorCode]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0.rawValue) }
        unsafe rd_kafka_mock_push_request_errors_array(cluster, apiKey, errors.count, errors)
    }

    package func takeBrokerDown(_ id: Int32) throws(KafkaError) {
        try check(unsafe rd_kafka_mock_broker_set_down(cluster, id), "take a mock broker down")
    }

    package func bringBrokerUp(_ id: Int32) throws(KafkaError) {
        try check(unsafe rd_kafka_mock_broker_set_up(cluster, id), "bring a mock broker up")
    }
}
