import CRDKafka

/// One handle of librdkafka for requests of an ``Admin``; destroyed when nobody waits on it any more.
@safe
final class AdminClient: @unchecked Sendable {  // holds nothing but the thread-safe handle, which never changes
    let client: OpaquePointer
    private let state: ClientState

    init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        let state = ClientState(log: configuration.log)
        let handle = try ConfigurationHandle(configuration.withDefaults(["socket.nagle.disable": "true"]))
        state.register(in: handle)
        unsafe client = try handle.makeClient(RD_KAFKA_PRODUCER, "make an admin client")
        self.state = state
    }

    deinit {
        unsafe ClientDestruction.run(client, keeping: state, limit: .seconds(5))
    }

    /// Sends one request and waits for its reply; nil if none came within `patience`.
    ///
    /// - Parameter timeout: when librdkafka ends the request, with an error for an answer.
    func request(
        _ operation: String, _ kind: rd_kafka_admin_op_t, timeout: Duration, patience: Duration,
        options configure: (_ options: OpaquePointer) -> rd_kafka_resp_err_t,
        submit: (_ client: OpaquePointer, _ options: OpaquePointer, _ replies: OpaquePointer) -> Void
    ) throws(KafkaError) -> AdminReply? {
        guard let options = unsafe rd_kafka_AdminOptions_new(client, kind) else {
            throw KafkaError(.invalidArgument, operation: operation)
        }
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        try check(
            unsafe rd_kafka_AdminOptions_set_request_timeout(options, max(1, timeout.milliseconds), nil, 0), operation)
        try check(unsafe configure(options), operation)
        guard let replies = unsafe rd_kafka_queue_new(client) else {
            throw KafkaError(.systemResource, operation: operation)
        }
        defer { unsafe rd_kafka_queue_destroy(replies) }
        unsafe submit(client, options, replies)
        guard let event = unsafe rd_kafka_queue_poll(replies, max(1, patience.milliseconds)) else { return nil }
        let reply = unsafe AdminReply(owning: event)
        try reply.check(operation)
        return reply
    }
}
