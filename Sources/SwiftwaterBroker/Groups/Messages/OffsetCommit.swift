package struct OffsetCommitRequest: APIRequest {
    package static let apiKey = APIKey.offsetCommit
    package typealias Response = OffsetCommitResponse

    struct Partition: Sendable {
        var index: Int32
        var offset: Int64
        var leaderEpoch: Int32
        var metadata: String?
    }

    struct Topic: Sendable {
        var name: String
        var partitions: [Partition]
    }

    var groupID: String
    var generation: Int32 = -1
    var memberID = ""
    var instanceID: String?
    var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        if version >= 1 {
            generation = try reader.int32()
            memberID = try reader.string()
        }
        if version >= 7 { instanceID = try reader.nullableString() }
        // A retention time, which Kafka does not honour any more either.
        if (2...4).contains(version) { _ = try reader.int64() }
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let index = try reader.int32()
                let offset = try reader.int64()
                let leaderEpoch = version >= 6 ? try reader.int32() : -1
                if version == 1 { _ = try reader.int64() }
                let metadata = try reader.nullableString()
                try reader.taggedFields()
                return Partition(index: index, offset: offset, leaderEpoch: leaderEpoch, metadata: metadata)
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        try reader.taggedFields()
    }
}

package struct OffsetCommitResponse: APIResponse {
    var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 3 { writer.int32(0) }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.error(partition.error)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
