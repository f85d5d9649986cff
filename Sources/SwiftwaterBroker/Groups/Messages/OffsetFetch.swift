package struct OffsetFetchRequest: APIRequest {
    package static let apiKey = APIKey.offsetFetch
    package typealias Response = OffsetFetchResponse

    struct Topic: Sendable {
        var name: String
        var partitions: [Int32]
    }

    var groupID: String
    /// nil asks for everything the group has committed (version 2 and later).
    var topics: [Topic]?
    /// Version 7 and later: offsets in an open transaction are an error, not the value before it.
    var requiresStable = false

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        topics = try reader.nullableArray { reader throws(ProtocolError) in
            let topic = Topic(name: try reader.string(), partitions: try reader.int32Array())
            try reader.taggedFields()
            return topic
        }
        if topics == nil, version < 2 { throw .null("topics") }
        if version >= 7 { requiresStable = try reader.bool() }
        try reader.taggedFields()
    }
}

package struct OffsetFetchResponse: APIResponse {
    struct Partition: Sendable {
        var index: Int32
        var offset: CommittedOffset?
        var error: ErrorCode
    }

    var error: ErrorCode
    var topics: [(name: String, partitions: [Partition])]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 3 { writer.int32(0) }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.int64(partition.offset?.offset ?? -1)
                if version >= 5 { writer.int32(partition.offset?.leaderEpoch ?? -1) }
                writer.nullableString(partition.offset?.metadata ?? "")
                writer.error(partition.error)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        if version >= 2 { writer.error(error) }
        writer.taggedFields()
    }
}
