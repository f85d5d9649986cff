import NIOCore

package struct DescribeGroupsRequest: APIRequest {
    package static let apiKey = APIKey.describeGroups
    package typealias Response = DescribeGroupsResponse

    var groupIDs: [String]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupIDs = try reader.stringArray()
        if version >= 3 { _ = try reader.bool() }
        try reader.taggedFields()
    }
}

package struct DescribeGroupsResponse: APIResponse {
    var groups: [GroupDescription]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        writer.array(groups) { writer, group in
            writer.error(.none)
            writer.string(group.id)
            writer.string(group.state.rawValue)
            writer.string(group.protocolType)
            writer.string(group.protocolName)
            writer.array(group.members) { writer, member in
                writer.string(member.id)
                if version >= 4 { writer.nullableString(member.instanceID) }
                writer.string(member.clientID)
                writer.string(member.clientHost)
                writer.bytes(ByteBuffer(bytes: member.metadata))
                writer.bytes(ByteBuffer(bytes: member.assignment))
                writer.taggedFields()
            }
            // Authorized operations: not told.
            if version >= 3 { writer.int32(.min) }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
