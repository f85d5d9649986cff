package struct CreateTopicsRequest: APIRequest {
    package static let apiKey = APIKey.createTopics
    package typealias Response = CreateTopicsResponse

    package struct Assignment: Sendable {
        package var partition: Int32
        package var brokers: [Int32]
    }

    package struct Topic: Sendable {
        package var name: String
        package var partitionCount: Int32
        package var replicationFactor: Int16
        package var assignments: [Assignment]
        package var configs: [(name: String, value: String?)]
    }

    package var topics: [Topic]
    package var validateOnly: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array { reader throws(ProtocolError) in
            let name = try reader.string()
            let partitionCount = try reader.int32()
            let replicationFactor = try reader.int16()
            let assignments = try reader.array { reader throws(ProtocolError) in
                let assignment = Assignment(partition: try reader.int32(), brokers: try reader.int32Array())
                try reader.taggedFields()
                return assignment
            }
            let configs = try reader.array { reader throws(ProtocolError) in
                let config = (name: try reader.string(), value: try reader.nullableString())
                try reader.taggedFields()
                return config
            }
            try reader.taggedFields()
            return Topic(
                name: name,
                partitionCount: partitionCount,
                replicationFactor: replicationFactor,
                assignments: assignments,
                configs: configs
            )
        }
        _ = try reader.int32()
        validateOnly = version >= 1 ? try reader.bool() : false
        try reader.taggedFields()
    }
}

package struct CreateTopicsResponse: APIResponse {
    package struct Topic: Sendable {
        package var name: String
        package var error: ErrorCode = .none
        package var errorMessage: String?
        package var partitionCount: Int32 = -1
        package var configs: [ConfigEntry] = []
    }

    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 2 { writer.int32(0) }
        writer.array(topics) { writer, topic in
            writer.string(topic.name)
            writer.error(topic.error)
            if version >= 1 { writer.nullableString(topic.errorMessage) }
            if version >= 5 {
                writer.int32(topic.partitionCount)
                writer.int16(topic.error == .none ? 1 : -1)
                writer.array(topic.configs) { writer, entry in
                    writer.string(entry.name)
                    writer.nullableString(entry.value)
                    writer.bool(entry.isReadOnly)
                    writer.int8(entry.source.rawValue)
                    writer.bool(false)
                    writer.taggedFields()
                }
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
