package import NIOCore

package struct ProduceRequest: APIRequest {
    package static let apiKey = APIKey.produce
    package typealias Response = ProduceResponse

    package struct Partition: Sendable {
        package var index: Int32
        package var records: ByteBuffer?
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var transactionalID: String?
    package var acks: Int16
    package var timeoutMilliseconds: Int32
    package var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = version >= 3 ? try reader.nullableString() : nil
        acks = try reader.int16()
        timeoutMilliseconds = try reader.int32()
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let partition = Partition(index: try reader.int32(), records: try reader.nullableBytes())
                try reader.taggedFields()
                return partition
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        try reader.taggedFields()
    }
}

package struct ProduceResponse: APIResponse {
    package struct Partition: Sendable {
        package var index: Int32
        package var error: ErrorCode = .none
        package var baseOffset: Int64 = -1
        package var logAppendTime: Int64 = -1
        package var logStartOffset: Int64 = -1
        package var errorMessage: String?
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.error(partition.error)
                writer.int64(partition.baseOffset)
                if version >= 2 { writer.int64(partition.logAppendTime) }
                if version >= 5 { writer.int64(partition.logStartOffset) }
                if version >= 8 {
                    writer.length(0)
                    writer.nullableString(partition.errorMessage)
                }
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        if version >= 1 { writer.int32(0) }
        writer.taggedFields()
    }
}
