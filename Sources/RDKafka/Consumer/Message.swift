import CRDKafka

/// A message while its handler runs. Its bytes belong to librdkafka's fetch buffer and are gone afterwards.
@safe
package struct Message: ~Copyable {
    private let pointer: UnsafeMutablePointer<rd_kafka_message_t>
    /// The consumer's small number for the topic and partition; see ``Consumer/partition(numbered:)``.
    package let partitionNumber: Int

    init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>, partitionNumber: Int) {
        unsafe self.pointer = pointer
        self.partitionNumber = partitionNumber
    }

    package var partition: Int32 { unsafe pointer.pointee.partition }
    package var offset: Int64 { unsafe pointer.pointee.offset }

    /// Milliseconds since 1970 in UTC; -1 if there is none.
    package var timestamp: Int64 { unsafe rd_kafka_message_timestamp(pointer, nil) }

    package var timestampType: TimestampType {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        unsafe _ = rd_kafka_message_timestamp(pointer, &type)
        return switch type {
        case RD_KAFKA_TIMESTAMP_CREATE_TIME: .createTime
        case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: .logAppendTime
        default: .notAvailable
        }
    }

    /// Nil for Kafka's null, which is not the empty key.
    package var key: RawSpan? {
        @_lifetime(borrow self)
        get {
            guard let start = unsafe pointer.pointee.key else { return nil }
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: pointer.pointee.key_len)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Nil for Kafka's null, a tombstone, which is not the empty value.
    package var value: RawSpan? {
        @_lifetime(borrow self)
        get {
            guard let start = unsafe pointer.pointee.payload else { return nil }
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: pointer.pointee.len)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The key for code that takes buffers; not to be kept beyond the handler.
    package var keyBytes: UnsafeRawBufferPointer? {
        guard let start = unsafe pointer.pointee.key else { return nil }
        return unsafe UnsafeRawBufferPointer(start: start, count: pointer.pointee.key_len)
    }

    /// The value for code that takes buffers; not to be kept beyond the handler.
    package var valueBytes: UnsafeRawBufferPointer? {
        guard let start = unsafe pointer.pointee.payload else { return nil }
        return unsafe UnsafeRawBufferPointer(start: start, count: pointer.pointee.len)
    }

    /// Copied on each call; parsing is librdkafka's and happens only if there are any.
    package var headers: [MessageHeader] {
        var copies: [MessageHeader] = []
        forEachHeader { name, value in
            if let value {
                copies.append(MessageHeader(name, unsafe value.withUnsafeBytes { unsafe Array($0) }))
            } else {
                copies.append(MessageHeader(name, nil))
            }
        }
        return copies
    }

    /// Calls the body for each header in order.
    package func forEachHeader(_ body: (_ name: String, _ value: RawSpan?) -> Void) {
        var list: OpaquePointer?
        guard unsafe rd_kafka_message_headers(pointer, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while unsafe rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            if let start = unsafe value {
                unsafe body(String(nullable: name) ?? "", RawSpan(_unsafeStart: start, byteCount: size))
            } else {
                unsafe body(String(nullable: name) ?? "", nil)
            }
            index += 1
        }
    }
}
