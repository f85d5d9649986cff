import RDKafka

/// A copy of what a message holds, for printing.
struct ConsumedRecord {
    var topic: String
    var partition: Int32
    var offset: Int64
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [MessageHeader]
}

extension ConsumedRecord {
    init(_ message: borrowing Message, topic: String) {
        self.topic = topic
        partition = message.partition
        offset = message.offset
        timestamp = message.timestamp
        key = message.keyBytes.map { Array($0) }
        value = message.valueBytes.map { Array($0) }
        headers = message.headers
    }
}
