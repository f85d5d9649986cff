package struct AddPartitionsToTransactionRequest: APIRequest {
    package static let apiKey = APIKey.addPartitionsToTransaction
    package typealias Response = AddPartitionsToTransactionResponse

    struct Topic: Sendable {
        var name: String
        var partitions: [Int32]
    }

    var transactionalID: String
    var producer: Transaction.Producer
    var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        producer = Transaction.Producer(id: try reader.int64(), epoch: try reader.int16())
        topics = try reader.array { reader throws(ProtocolError) in
            let topic = Topic(name: try reader.string(), partitions: try reader.int32Array())
            try reader.taggedFields()
            return topic
        }
        try reader.taggedFields()
    }
}

package struct AddPartitionsToTransactionResponse: APIResponse {
    var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.error(partition.error.told(version, fencedSince: 2))
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
