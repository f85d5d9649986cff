package struct OffsetDeleteRequest: APIRequest {
    package static let apiKey = APIKey.offsetDelete
    package typealias Response = OffsetDeleteResponse

    struct Topic: Sendable {
        var name: String
        var partitions: [Int32]
    }

    var groupID: String
    var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        topics = try reader.array { reader throws(ProtocolError) in
            Topic(name: try reader.string(), partitions: try reader.int32Array())
        }
    }
}

package struct OffsetDeleteResponse: APIResponse {
    /// Of the request as a whole; no topics are told then.
    var error: ErrorCode
    var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.error(error)
        writer.int32(0)
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.error(partition.error)
            }
        }
    }
}
