package struct HeartbeatRequest: APIRequest {
    package static let apiKey = APIKey.heartbeat
    package typealias Response = HeartbeatResponse

    var groupID: String
    var generation: Int32
    var memberID: String
    var instanceID: String?

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        generation = try reader.int32()
        memberID = try reader.string()
        instanceID = version >= 3 ? try reader.nullableString() : nil
        try reader.taggedFields()
    }
}

package struct HeartbeatResponse: APIResponse {
    var error: ErrorCode

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        writer.error(error)
        writer.taggedFields()
    }
}
