import CRDKafka

/// The answer to an admin request, which owns all that is read out of it.
@safe
struct AdminReply: ~Copyable {
    let event: OpaquePointer

    init(owning event: OpaquePointer) {
        unsafe self.event = event
    }

    func check(_ operation: String) throws(KafkaError) {
        let code = unsafe rd_kafka_event_error(event)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw unsafe KafkaError(
            KafkaErrorCode(code), operation: operation, message: String(nullable: rd_kafka_event_error_string(event)))
    }

    /// Reads an array that librdkafka returns with its length.
    static func read<Value>(
        _ array: (UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?,
        _ element: (OpaquePointer) -> Value
    ) -> [Value] {
        var count = 0
        guard let start = unsafe array(&count) else { return [] }
        var values: [Value] = []
        for index in 0..<count {
            if let pointer = unsafe start[index] { unsafe values.append(element(pointer)) }
        }
        return values
    }

    static func topicResult(_ result: OpaquePointer, _ operation: String) -> AdminResult {
        let name = unsafe String(nullable: rd_kafka_topic_result_name(result)) ?? ""
        let error = unsafe KafkaErrorCode(failure: rd_kafka_topic_result_error(result)).map { code in
            unsafe KafkaError(
                code, operation: operation, message: String(nullable: rd_kafka_topic_result_error_string(result)),
                subject: .topic(name))
        }
        return AdminResult(name: name, error: error)
    }

    static func groupResult(_ result: OpaquePointer, _ operation: String) -> AdminResult {
        let name = unsafe String(nullable: rd_kafka_group_result_name(result)) ?? ""
        var error: KafkaError?
        if let failure = unsafe rd_kafka_group_result_error(result) {
            error = unsafe KafkaError(borrowing: failure, operation, .group(name))
        }
        return AdminResult(name: name, error: error)
    }

    deinit {
        unsafe rd_kafka_event_destroy(event)
    }
}
