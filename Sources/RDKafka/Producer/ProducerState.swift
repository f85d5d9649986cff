import CRDKafka

/// What a producer's callbacks fill, on the polling thread.
final class ProducerState: ClientState {
    var deliveries: [Delivery] = []
    var events: [ClientEvent] = []
    var topics = TopicTable()

    override func receive(_ event: ClientEvent) {
        events.append(event)
    }

    func registerDeliveries(in configuration: borrowing ConfigurationHandle) {
        unsafe rd_kafka_conf_set_dr_msg_cb(configuration.pointer) { _, message, opaque in
            guard let message = unsafe message, let opaque = unsafe opaque else { return }
            // The opaque is always a ProducerState here: only a producer registers this callback.
            let state = unsafe Unmanaged<ProducerState>.fromOpaque(opaque).takeUnretainedValue()
            let code = unsafe message.pointee.err
            unsafe state.deliveries.append(
                Delivery(
                    token: UInt64(UInt(bitPattern: message.pointee._private)),
                    topic: state.topics.handle(of: message.pointee.rkt), partition: message.pointee.partition,
                    offset: code == RD_KAFKA_RESP_ERR_NO_ERROR ? max(-1, message.pointee.offset) : -1,
                    code: code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(code),
                    message: code == RD_KAFKA_RESP_ERR_NO_ERROR || KafkaErrorCode(code).isPurge
                        ? nil : ProducerState.undelivered(message)
                ))
        }
    }

    private static func undelivered(_ message: UnsafePointer<rd_kafka_message_t>) -> UndeliveredMessage {
        unsafe UndeliveredMessage(
            topic: String(cString: rd_kafka_topic_name(message.pointee.rkt)),
            key: bytes(message.pointee.key, message.pointee.key_len),
            value: bytes(message.pointee.payload, message.pointee.len),
            timestamp: rd_kafka_message_timestamp(message, nil)
        )
    }

    private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8]? {
        guard let start = unsafe start else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
