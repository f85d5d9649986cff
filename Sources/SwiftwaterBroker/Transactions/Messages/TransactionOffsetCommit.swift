package struct TransactionOffsetCommitRequest: APIRequest {
    package static let apiKey = APIKey.transactionOffsetCommit
    package typealias Response = TransactionOffsetCommitResponse

    var transactionalID: String
    var groupID: String
    var producer: Transaction.Producer
    /// Without a member (before version 3, always) the offsets are anyone's.
    var generation: Int32 = -1
    var memberID = ""
    var instanceID: String?
    var topics: [OffsetCommitRequest.Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        groupID = try reader.string()
        producer = Transaction.Producer(id: try reader.int64(), epoch: try reader.int16())
        if version >= 3 {
            generation = try reader.int32()
            memberID = try reader.string()
            instanceID = try reader.nullableString()
        }
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let index = try reader.int32()
                let offset = try reader.int64()
                let leaderEpoch = version >= 2 ? try reader.int32() : -1
                let metadata = try reader.nullableString()
                try reader.taggedFields()
                return OffsetCommitRequest.Partition(
                    index: index, offset: offset, leaderEpoch: leaderEpoch, metadata: metadata)
            }
            try reader.taggedFields()
            return OffsetCommitRequest.Topic(name: name, partitions: partitions)
        }
        try reader.taggedFields()
    }
}

package struct TransactionOffsetCommitResponse: APIResponse {
    var topics: [(name: String, partitions: [(index: Int32, error: ErrorCode)])]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
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
