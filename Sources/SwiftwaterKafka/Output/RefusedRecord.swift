internal import RDKafka
internal import Swiftwater

/// A record that was sent and came back for a reason of its own, so that others may go on without it (E-03, E-08).
struct RefusedRecord {
    let topic: String
    let partition: Int32
    let key: [UInt8]?
    let value: [UInt8]?
    let timestamp: Timestamp
    let task: TaskID
    let code: KafkaErrorCode

    init(_ message: UndeliveredMessage, partition: Int32, sender: DeliveryToken.Sender, code: KafkaErrorCode) {
        topic = message.topic
        key = message.key
        value = message.value
        timestamp = Timestamp(rawValue: message.timestamp)
        self.partition = partition
        task = sender.task
        self.code = code
    }

    var error: KafkaError {
        KafkaError(code, operation: "deliver a record", subject: .partition(RDKafka.TopicPartition(topic, partition)))
    }

    /// Whether an error says something of the one record, not of the broker or the producer.
    static func concernsOneRecord(_ code: KafkaErrorCode) -> Bool {
        switch code {
        case .messageTooLarge, .invalidMessage, .invalidMessageSize, .recordListTooLarge, .invalidTimestamp,
            .topicAuthorizationFailed, .invalidRecord, .policyViolation:
            true
        default: false
        }
    }
}
