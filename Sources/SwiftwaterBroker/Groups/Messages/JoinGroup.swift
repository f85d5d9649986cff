import NIOCore

package struct JoinGroupRequest: APIRequest {
    package static let apiKey = APIKey.joinGroup
    package typealias Response = JoinGroupResponse

    var groupID: String
    var sessionTimeout: Int32
    var rebalanceTimeout: Int32
    var memberID: String
    var instanceID: String?
    var protocolType: String
    var protocols: [GroupProtocol]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        sessionTimeout = try reader.int32()
        rebalanceTimeout = version >= 1 ? try reader.int32() : sessionTimeout
        memberID = try reader.string()
        instanceID = version >= 5 ? try reader.nullableString() : nil
        protocolType = try reader.string()
        protocols = try reader.array { reader throws(ProtocolError) in
            let supported = GroupProtocol(
                name: try reader.string(), metadata: Array(try reader.bytes().readableBytesView))
            try reader.taggedFields()
            return supported
        }
        if version >= 8 { _ = try reader.nullableString() }
        try reader.taggedFields()
    }
}

package struct JoinGroupResponse: APIResponse {
    var answer: JoinAnswer

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 2 { writer.int32(0) }
        writer.error(answer.error)
        writer.int32(answer.generation)
        if version >= 7 {
            writer.nullableString(answer.protocolType)
            writer.nullableString(answer.protocolName)
        } else {
            writer.string(answer.protocolName ?? "")
        }
        writer.string(answer.leader)
        if version >= 9 { writer.bool(answer.skipAssignment) }
        writer.string(answer.memberID)
        writer.array(answer.members) { writer, member in
            writer.string(member.id)
            if version >= 5 { writer.nullableString(member.instanceID) }
            writer.bytes(ByteBuffer(bytes: member.metadata))
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
