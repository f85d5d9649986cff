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
                    code: code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(code)
                ))
        }
    }
}
