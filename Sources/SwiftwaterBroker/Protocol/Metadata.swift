package struct MetadataRequest: APIRequest {
    package static let apiKey = APIKey.metadata
    package typealias Response = MetadataResponse

    /// nil asks for all topics.
    package var topics: [String]?
    package var allowsAutoCreation: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        let names = try reader.nullableArray { reader throws(ProtocolError) in
            let name = try reader.string()
            try reader.taggedFields()
            return name
        }
        topics = version == 0 && names?.isEmpty == true ? nil : names
        allowsAutoCreation = version >= 4 ? try reader.bool() : true
        if version >= 8 {
            _ = try reader.bool()
            _ = try reader.bool()
        }
        try reader.taggedFields()
    }
}

/// A broker as Metadata and DescribeCluster name it.
package struct BrokerEndpoint: Sendable, Equatable {
    package var nodeID: Int32
    package var host: String
    package var port: Int32
}

package struct MetadataResponse: APIResponse {
    package struct Topic: Sendable {
        package var error: ErrorCode = .none
        package var name: String
        package var isInternal = false
        package var partitionCount: Int32 = 0
    }

    package var broker: BrokerEndpoint
    package var clusterID: String
    package var topics: [Topic]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 3 { writer.int32(0) }
        writer.array([broker]) { writer, broker in
            writer.int32(broker.nodeID)
            writer.string(broker.host)
            writer.int32(broker.port)
            if version >= 1 { writer.nullableString(nil) }
            writer.taggedFields()
        }
        if version >= 2 { writer.nullableString(clusterID) }
        if version >= 1 { writer.int32(broker.nodeID) }
        writer.array(topics) { writer, topic in
            writer.error(topic.error)
            writer.string(topic.name)
            if version >= 1 { writer.bool(topic.isInternal) }
            writer.array(0..<topic.partitionCount) { writer, index in
                writer.error(.none)
                writer.int32(index)
                writer.int32(broker.nodeID)
                if version >= 7 { writer.int32(0) }
                writer.int32s([broker.nodeID])
                writer.int32s([broker.nodeID])
                if version >= 5 { writer.int32s([]) }
                writer.taggedFields()
            }
            if version >= 8 { writer.int32(Int32.min) }
            writer.taggedFields()
        }
        if version >= 8 { writer.int32(Int32.min) }
        writer.taggedFields()
    }
}
