package struct CreatePartitionsRequest: APIRequest {
    package static let apiKey = APIKey.createPartitions
    package typealias Response = CreatePartitionsResponse

    package struct Topic: Sendable {
        package var name: String
        package var count: Int32
        package var assignments: [[Int32]]?
    }

    package var topics: [Topic]
    package var validateOnly: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array { reader throws(ProtocolError) in
            let topic = Topic(
                name: try reader.string(),
                count: try reader.int32(),
                assignments: try reader.nullableArray { reader throws(ProtocolError) in
                    let brokers = try reader.int32Array()
                    try reader.taggedFields()
                    return brokers
                }
            )
            try reader.taggedFields()
            return topic
        }
        _ = try reader.int32()
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}

package struct CreatePartitionsResponse: APIResponse {
    package struct Topic: Sendable {
        package var name: String
        package var error: ErrorCode = .none
        package var errorMessage: String?
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.error(topic.error)
            writer.nullableString(topic.errorMessage)
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
