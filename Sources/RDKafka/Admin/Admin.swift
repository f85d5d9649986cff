import CRDKafka

/// Asks a cluster about itself and changes it. Every call blocks until the answer or the end of the time.
///
/// For any thread, several at once: librdkafka's handle is thread-safe, and each call has a reply queue of its own.
@safe
package final class Admin: @unchecked Sendable {  // holds nothing but the thread-safe handle, which never changes
    let client: OpaquePointer
    private let state: ClientState

    package init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        let state = ClientState(log: configuration.log)
        let handle = try ConfigurationHandle(configuration.withDefaults(["socket.nagle.disable": "true"]))
        state.register(in: handle)
        unsafe client = try handle.makeClient(RD_KAFKA_PRODUCER, "make an admin client")
        self.state = state
    }

    deinit {
        unsafe ClientDestruction.run(client, keeping: state, limit: .seconds(5))
    }

    /// Brokers, and one topic or all. An unknown topic is an entry with an error.
    package func metadata(topic name: String? = nil, timeout: Duration) throws(KafkaError) -> ClusterMetadata {
        guard let name else {
            return try unsafe ClusterMetadata.fetch(client, topic: nil, all: true, timeout: timeout)
        }
        guard let topic = unsafe rd_kafka_topic_new(client, name, nil) else {
            throw KafkaError(
                KafkaErrorCode(rd_kafka_last_error()), operation: "read cluster metadata", subject: .topic(name))
        }
        defer { unsafe rd_kafka_topic_destroy(topic) }
        return try unsafe ClusterMetadata.fetch(client, topic: topic, all: false, timeout: timeout)
    }

    /// The cluster's id; nil if it has none or did not answer in time.
    package func clusterID(timeout: Duration) -> String? {
        guard let text = unsafe rd_kafka_clusterid(client, timeout.milliseconds) else { return nil }
        defer { unsafe rd_kafka_mem_free(client, text) }
        return unsafe String(cString: text)
    }

    /// Sends one request and waits for its reply.
    func request(
        _ operation: String, _ kind: rd_kafka_admin_op_t, timeout: Duration,
        options configure: (_ options: OpaquePointer) -> rd_kafka_resp_err_t = { _ in RD_KAFKA_RESP_ERR_NO_ERROR },
        submit: (_ options: OpaquePointer, _ replies: OpaquePointer) -> Void
    ) throws(KafkaError) -> AdminReply {
        guard let options = unsafe rd_kafka_AdminOptions_new(client, kind) else {
            throw KafkaError(.invalidArgument, operation: operation)
        }
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = max(1, timeout.milliseconds)
        try check(
            unsafe rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0), operation)
        try check(unsafe configure(options), operation)
        guard let replies = unsafe rd_kafka_queue_new(client) else {
            throw KafkaError(.systemResource, operation: operation)
        }
        defer { unsafe rd_kafka_queue_destroy(replies) }
        unsafe submit(options, replies)
        // librdkafka itself ends the request in time; the second more is for its answer to arrive.
        guard let event = unsafe rd_kafka_queue_poll(replies, milliseconds + 1000) else {
            throw KafkaError(.timedOut, operation: operation, message: "no answer within \(timeout)")
        }
        let reply = unsafe AdminReply(owning: event)
        try reply.check(operation)
        return reply
    }
}
