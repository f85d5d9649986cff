import RDKafka

/// A message out of its fetch buffer, for comparing.
struct Received: Equatable, Sendable {
    var partition: TopicPartition
    var offset: Int64
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [MessageHeader]

    var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
    var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }
}

extension Received {
    init(_ message: borrowing Message, of consumer: Consumer) {
        self.init(
            partition: consumer.partition(numbered: message.partitionNumber), offset: message.offset,
            timestamp: message.timestamp, key: message.keyBytes.map { Array($0) },
            value: message.valueBytes.map { Array($0) }, headers: message.headers)
    }
}
