package struct DeleteTopicsRequest: APIRequest {
    package static let apiKey = APIKey.deleteTopics
    package typealias Response = DeleteTopicsResponse

    package var names: [String]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        names = try reader.stringArray()
        _ = try reader.int32()
        try reader.taggedFields()
    }
}

package struct DeleteTopicsResponse: APIResponse {
    package struct Topic: Sendable {
        package var name: String
        package var error: ErrorCode
        package var errorMessage: String?
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.error(topic.error)
            if version >= 5 { writer.nullableString(topic.errorMessage) }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
