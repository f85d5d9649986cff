package struct OffsetForLeaderEpochRequest: APIRequest {
    package static let apiKey = APIKey.offsetForLeaderEpoch
    package typealias Response = OffsetForLeaderEpochResponse

    package struct Partition: Sendable {
        package var index: Int32
        package var currentLeaderEpoch: Int32
        package var leaderEpoch: Int32
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        if version >= 3 { _ = try reader.int32() }
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let partition = Partition(
                    index: try reader.int32(),
                    currentLeaderEpoch: version >= 2 ? try reader.int32() : -1,
                    leaderEpoch: try reader.int32()
                )
                try reader.taggedFields()
                return partition
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        try reader.taggedFields()
    }
}

package struct OffsetForLeaderEpochResponse: APIResponse {
    package struct Partition: Sendable {
        package var index: Int32
        package var error: ErrorCode = .none
        package var leaderEpoch: Int32 = -1
        package var endOffset: Int64 = -1
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 2 { writer.int32(0) }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.error(partition.error)
                writer.int32(partition.index)
                if version >= 1 { writer.int32(partition.leaderEpoch) }
                writer.int64(partition.endOffset)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
