import CRDKafka
import Synchronization

/// Asks a cluster about itself and changes it. Every call blocks until the answer or the end of the time.
///
/// For any thread, several at once: librdkafka's handle is thread-safe, and each call has a reply queue of its own.
@safe
package final class Admin: @unchecked Sendable {  // the thread-safe handle never changes, and the lock guards the rest
    private let handle: AdminClient
    private let configuration: KafkaConfiguration
    /// The client for requests to group coordinators; made when it is needed.
    private let groupClient = Mutex<AdminClient?>(nil)

    package init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        self.configuration = configuration
        handle = try AdminClient(configuration)
    }

    var client: OpaquePointer { unsafe handle.client }

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
        // librdkafka itself ends the request in time; the second more is for its answer to arrive.
        let reply = try unsafe handle.request(
            operation, kind, timeout: timeout, patience: timeout + .seconds(1), options: configure,
            submit: { unsafe submit($1, $2) })
        guard let reply else {
            throw KafkaError(.timedOut, operation: operation, message: "no answer within \(timeout)")
        }
        return reply
    }

    /// Sends one request to the coordinator of a group and waits for its reply.
    ///
    /// A trap of librdkafka 2.0.2: such a request that has timed out while its coordinator was not connected aborts the process, in an
    /// assertion, when the connection comes. So it never times out: whoever waited for long enough gives up the client with it.
    func groupRequest(
        _ operation: String, _ kind: rd_kafka_admin_op_t, timeout: Duration,
        options configure: (_ options: OpaquePointer) -> rd_kafka_resp_err_t = { _ in RD_KAFKA_RESP_ERR_NO_ERROR },
        submit: (_ client: OpaquePointer, _ options: OpaquePointer, _ replies: OpaquePointer) -> Void
    ) throws(KafkaError) -> AdminReply {
        let client = try currentGroupClient()
        let reply = try unsafe client.request(
            operation, kind, timeout: .seconds(3_600), patience: timeout, options: configure, submit: submit)
        guard let reply else {
            groupClient.withLock { if $0 === client { $0 = nil } }
            throw KafkaError(.timedOut, operation: operation, message: "no answer within \(timeout)")
        }
        return reply
    }

    private func currentGroupClient() throws(KafkaError) -> AdminClient {
        if let known = groupClient.withLock({ $0 }) { return known }
        let made = try AdminClient(configuration)
        return groupClient.withLock { current in
            if let current { return current }
            current = made
            return made
        }
    }
}
