package struct DescribeClusterRequest: APIRequest {
    package static let apiKey = APIKey.describeCluster
    package typealias Response = DescribeClusterResponse

    /// 1 asks for the brokers, 2 for the controllers.
    package var endpointType: Int8

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        _ = try reader.bool()
        endpointType = version >= 1 ? try reader.int8() : 1
        try reader.taggedFields()
    }
}

package struct DescribeClusterResponse: APIResponse {
    package var error: ErrorCode = .none
    package var errorMessage: String?
    package var endpointType: Int8 = 1
    package var broker: BrokerEndpoint
    package var clusterID: String

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.error(error)
        writer.nullableString(errorMessage)
        if version >= 1 { writer.int8(endpointType) }
        writer.string(clusterID)
        writer.int32(broker.nodeID)
        writer.array(error == .none ? [broker] : []) { writer, broker in
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
