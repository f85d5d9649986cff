import CRDKafka

/// What librdkafka's callbacks reach through the client's opaque pointer.
///
/// All but the log callback run inside a poll, on the thread that owns the client; the log callback runs on any thread and
/// touches only `log`, which never changes.
class ClientState {
    private let log: (@Sendable (KafkaLog) -> Void)?

    init(log: (@Sendable (KafkaLog) -> Void)?) {
        self.log = log
    }

    /// Receives events on the polling thread.
    func receive(_ event: ClientEvent) {}

    /// The state behind a client; nil while librdkafka logs before it has one.
    static func of(_ client: OpaquePointer?) -> ClientState? {
        guard let client = unsafe client, let opaque = unsafe rd_kafka_opaque(client) else { return nil }
        return unsafe Unmanaged<ClientState>.fromOpaque(opaque).takeUnretainedValue()
    }

    /// Registers the callbacks that every client has.
    func register(in configuration: borrowing ConfigurationHandle) {
        let pointer = unsafe configuration.pointer
        unsafe rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(self).toOpaque())
        unsafe rd_kafka_conf_set_log_cb(pointer) { client, level, facility, text in
            guard let log = unsafe ClientState.of(client)?.log else { return }
            unsafe log(
                KafkaLog(
                    level: Int(level), facility: String(nullable: facility) ?? "", text: String(nullable: text) ?? ""))
        }
    }

    /// Registers what is served by polling the client's own queue. Not for a client that nobody polls: events would pile up.
    func registerEvents(in configuration: borrowing ConfigurationHandle) {
        let pointer = unsafe configuration.pointer
        unsafe rd_kafka_conf_set_error_cb(pointer) { client, code, reason, _ in
            guard let client = unsafe client, let state = unsafe ClientState.of(client) else { return }
            if let fatal = unsafe KafkaError(fatalOf: client, "go on") {
                state.receive(.failed(fatal))
            } else {
                unsafe state.receive(
                    .failed(
                        KafkaError(
                            KafkaErrorCode(rawValue: code), operation: "talk to the cluster",
                            message: String(nullable: reason))))
            }
        }
        unsafe rd_kafka_conf_set_stats_cb(pointer) { client, json, length, _ in
            if let state = unsafe ClientState.of(client), let json = unsafe json {
                let bytes = unsafe UnsafeRawBufferPointer(start: json, count: length)
                unsafe state.receive(.statistics(String(decoding: bytes, as: UTF8.self)))
            }
            return 0
        }
        unsafe rd_kafka_conf_set_throttle_cb(pointer) { client, broker, brokerID, milliseconds, _ in
            unsafe ClientState.of(client)?.receive(
                .throttled(
                    broker: String(nullable: broker) ?? "", brokerID: brokerID, .milliseconds(Int(milliseconds))))
        }
    }
}
