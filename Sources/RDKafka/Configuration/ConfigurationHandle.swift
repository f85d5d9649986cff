import CRDKafka

/// A `rd_kafka_conf_t` until a client takes it over.
@safe
struct ConfigurationHandle: ~Copyable {
    let pointer: OpaquePointer

    init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        unsafe pointer = rd_kafka_conf_new()
        // In key order, so that of several mistakes it is always the same one that is reported.
        for (key, value) in configuration.properties.sorted(by: { $0.key < $1.key }) {
            try set(key, value)
        }
    }

    private func set(_ key: String, _ value: String) throws(KafkaError) {
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 512)
        defer { unsafe text.deallocate() }
        unsafe text.initialize(repeating: 0)
        guard unsafe rd_kafka_conf_set(pointer, key, value, text.baseAddress, text.count) != RD_KAFKA_CONF_OK else {
            return
        }
        let isSecret = ["password", "secret", "token", ".pem", "oauthbearer.config"].contains { key.contains($0) }
        let shown = isSecret ? "…" : value
        throw unsafe KafkaError(
            .invalidArgument, operation: "configure the client",
            message: isSecret ? "librdkafka refuses the value" : String(cBuffer: text),
            subject: .configuration(key: key, value: shown)
        )
    }

    /// Makes a client, which takes the configuration over unless it fails.
    consuming func makeClient(_ type: rd_kafka_type_t, _ operation: String) throws(KafkaError) -> OpaquePointer {
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 512)
        defer { unsafe text.deallocate() }
        unsafe text.initialize(repeating: 0)
        if let client = unsafe rd_kafka_new(type, pointer, text.baseAddress, text.count) {
            discard self
            return unsafe client
        }
        let failure = unsafe KafkaError(
            KafkaErrorCode(rd_kafka_last_error()), operation: operation, message: String(cBuffer: text)
        )
        _ = consume self
        throw failure
    }

    deinit {
        unsafe rd_kafka_conf_destroy(pointer)
    }
}
