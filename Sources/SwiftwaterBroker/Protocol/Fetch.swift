package import NIOCore

package struct FetchRequest: APIRequest {
    package static let apiKey = APIKey.fetch
    package typealias Response = FetchResponse

    package struct Partition: Sendable {
        package var index: Int32
        package var currentLeaderEpoch: Int32
        package var fetchOffset: Int64
        package var maxBytes: Int32
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var maxWaitMilliseconds: Int32
    package var minBytes: Int32
    package var maxBytes: Int32
    package var isolation: IsolationLevel
    package var sessionID: Int32
    package var topics: [Topic]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        _ = try reader.int32()
        maxWaitMilliseconds = try reader.int32()
        minBytes = try reader.int32()
        maxBytes = version >= 3 ? try reader.int32() : Int32.max
        isolation = version >= 4 ? try IsolationLevel(from: &reader) : .readUncommitted
        sessionID = version >= 7 ? try reader.int32() : 0
        if version >= 7 { _ = try reader.int32() }
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let index = try reader.int32()
                let currentLeaderEpoch = version >= 9 ? try reader.int32() : -1
                let fetchOffset = try reader.int64()
                if version >= 12 { _ = try reader.int32() }
                if version >= 5 { _ = try reader.int64() }
                let maxBytes = try reader.int32()
                try reader.taggedFields()
                return Partition(
                    index: index,
                    currentLeaderEpoch: currentLeaderEpoch,
                    fetchOffset: fetchOffset,
                    maxBytes: maxBytes
                )
            }
            try reader.taggedFields()
            return Topic(name: name, partitions: partitions)
        }
        if version >= 7 {
            _ = try reader.array { reader throws(ProtocolError) in
                _ = try reader.string()
                _ = try reader.int32Array()
                try reader.taggedFields()
            }
        }
        if version >= 11 { _ = try reader.string() }
        try reader.taggedFields()
    }
}

package struct AbortedTransaction: Sendable, Equatable {
    package var producerID: Int64
    package var firstOffset: Int64
}

package struct FetchResponse: APIResponse {
    package struct Partition: Sendable {
        package var index: Int32
        package var error: ErrorCode = .none
        package var highWatermark: Int64 = -1
        package var lastStableOffset: Int64 = -1
        package var logStartOffset: Int64 = -1
        /// nil under read_uncommitted.
        package var abortedTransactions: [AbortedTransaction]?
        package var records = ByteBuffer()
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitions: [Partition]
    }

    package var error: ErrorCode = .none
    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        var size = 64
        for topic in topics {
            size += topic.name.utf8.count + 16
            for partition in topic.partitions { size += partition.records.readableBytes + 80 }
        }
        writer.buffer.reserveCapacity(minimumWritableBytes: size)
        if version >= 1 { writer.int32(0) }
        if version >= 7 {
            writer.error(error)
            writer.int32(0)
        }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.array(topic.partitions) { writer, partition in
                writer.int32(partition.index)
                writer.error(partition.error)
                writer.int64(partition.highWatermark)
                if version >= 4 { writer.int64(partition.lastStableOffset) }
                if version >= 5 { writer.int64(partition.logStartOffset) }
                if version >= 4 {
                    writer.nullableArray(partition.abortedTransactions) { writer, aborted in
                        writer.int64(aborted.producerID)
                        writer.int64(aborted.firstOffset)
                        writer.taggedFields()
                    }
                }
                if version >= 11 { writer.int32(-1) }
                writer.bytes(partition.records)
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
