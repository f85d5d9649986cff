package struct ListOffsetsRequest: APIRequest {
    package static let apiKey = APIKey.listOffsets
    package typealias Response = ListOffsetsResponse

    package struct Partition: Sendable {
        package var index: Int32
        package var currentLeaderEpoch: Int32
        /// Milliseconds, or -1 for the end and -2 for the beginning.
        package var timestamp: Int64
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var isolation: IsolationLevel
    package var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        _ = try reader.int32()
        isolation = version >= 2 ? try IsolationLevel(from: &reader) : .readUncommitted
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let index = try reader.int32()
                let currentLeaderEpoch = version >= 4 ? try reader.int32() : -1
                let timestamp = try reader.int64()
                if version == 0 { _ = try reader.int32() }
                try reader.taggedFields()
                return Partition(index: index, currentLeaderEpoch: currentLeaderEpoch, timestamp: timestamp)
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        try reader.taggedFields()
    }
}

package struct ListOffsetsResponse: APIResponse {
    package struct Partition: Sendable {
        package var index: Int32
        package var error: ErrorCode = .none
        package var timestamp: Int64 = -1
        package var offset: Int64 = -1
        package var leaderEpoch: Int32 = -1
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
                writer.int32(partition.index)
                writer.error(partition.error)
                if version == 0 {
                    writer.array(partition.offset >= 0 ? [partition.offset] : []) { $0.int64($1) }
                } else {
                    writer.int64(partition.timestamp)
                    writer.int64(partition.offset)
                }
                if version >= 4 { writer.int32(partition.leaderEpoch) }
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
