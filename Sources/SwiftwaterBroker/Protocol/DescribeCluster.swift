package struct DescribeClusterRequest: APIRequest {
    package static let apiKey = APIKey.describeCluster
    package typealias Response = DescribeClusterResponse

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        _ = try reader.bool()
        if version >= 1 { _ = try reader.int8() }
        try reader.taggedFields()
    }
}

package struct DescribeClusterResponse: APIResponse {
    package var broker: BrokerEndpoint
    package var clusterID: String

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.error(.none)
        writer.nullableString(nil)
        if version >= 1 { writer.int8(1) }
        writer.string(clusterID)
        writer.int32(broker.nodeID)
        writer.array([broker]) { writer, broker in
            writer.int32(broker.nodeID)
            writer.string(broker.host)
            writer.int32(broker.port)
            writer.nullableString(nil)
            writer.taggedFields()
        }
        writer.int32(Int32.min)
        writer.taggedFields()
    }
}
