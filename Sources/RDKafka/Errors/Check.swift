import CRDKafka

// The only place that reads librdkafka's answers. A call answers with a code, or with an error object that is to be freed.

func check(
    _ code: rd_kafka_resp_err_t, _ operation: @autoclosure () -> String,
    _ subject: @autoclosure () -> KafkaError.Subject? = nil
) throws(KafkaError) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    throw KafkaError(KafkaErrorCode(code), operation: operation(), subject: subject())
}

/// Takes over the error object.
func check(
    error: OpaquePointer?, _ operation: @autoclosure () -> String,
    _ subject: @autoclosure () -> KafkaError.Subject? = nil
) throws(KafkaError) {
    guard let error = unsafe error else { return }
    let failure = unsafe KafkaError(borrowing: error, operation(), subject())
    unsafe rd_kafka_error_destroy(error)
    throw failure
}

extension KafkaError {
    init(borrowing error: OpaquePointer, _ operation: String, _ subject: Subject? = nil) {
        let code = unsafe KafkaErrorCode(rd_kafka_error_code(error))
        let isFatal = unsafe rd_kafka_error_is_fatal(error) != 0
        unsafe self.init(
            code, operation: operation, message: String(cString: rd_kafka_error_string(error)), subject: subject,
            isRetriable: rd_kafka_error_is_retriable(error) != 0 || (code.isRetriable && !isFatal), isFatal: isFatal,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0
        )
    }

    /// The fatal error that put the client out of use, if there is one.
    init?(fatalOf client: OpaquePointer, _ operation: String) {
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 512)
        defer { unsafe text.deallocate() }
        unsafe text.initialize(repeating: 0)
        let code = unsafe rd_kafka_fatal_error(client, text.baseAddress, text.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        unsafe self.init(
            KafkaErrorCode(code), operation: operation, message: String(cBuffer: text), isRetriable: false,
            isFatal: true
        )
    }
}

extension String {
    /// The text up to the terminating zero, or the whole buffer if there is none.
    init(cBuffer buffer: UnsafeMutableBufferPointer<CChar>) {
        let text = unsafe buffer.prefix { $0 != 0 }
        self = unsafe String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nil for a null pointer.
    init?(nullable text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return nil }
        self = unsafe String(cString: text)
    }
}
