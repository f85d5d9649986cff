package struct DeleteRecordsRequest: APIRequest {
    package static let apiKey = APIKey.deleteRecords
    package typealias Response = DeleteRecordsResponse

    package struct Partition: Sendable {
        package var index: Int32
        /// The first offset that stays; -1 is the high watermark.
        package var offset: Int64
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let partition = Partition(index: try reader.int32(), offset: try reader.int64())
                try reader.taggedFields()
                return partition
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        _ = try reader.int32()
        try reader.taggedFields()
    }
}

package struct DeleteRecordsResponse: APIResponse {
    package struct Partition: Sendable {
        package var index: Int32
        package var lowWatermark: Int64 = -1
        package var error: ErrorCode = .none
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.int64(partition.lowWatermark)
                writer.error(partition.error)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
