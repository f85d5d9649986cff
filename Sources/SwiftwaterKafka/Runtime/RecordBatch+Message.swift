internal import RDKafka
internal import Swiftwater

extension RecordBatch {
    /// Copies a message out of librdkafka's fetch buffer.
    func append(_ message: borrowing Message) {
        var headers = Headers()
        message.forEachHeader { name, value in
            if let value {
                headers.append(name, value.withUnsafeBytes { Array($0) })
            } else {
                headers.append(name, nil)
            }
        }
        append(
            offset: message.offset,
            timestamp: Timestamp(rawValue: message.timestamp),
            key: message.keyBytes,
            value: message.valueBytes,
            headers: headers
        )
    }
}
