package struct LeaveGroupRequest: APIRequest {
    package static let apiKey = APIKey.leaveGroup
    package typealias Response = LeaveGroupResponse

    var groupID: String
    /// Exactly one before version 3.
    var members: [LeavingMember]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        if version >= 3 {
            members = try reader.array { reader throws(ProtocolError) in
                let member = LeavingMember(memberID: try reader.string(), instanceID: try reader.nullableString())
                if version >= 5 { _ = try reader.nullableString() }
                try reader.taggedFields()
                return member
            }
        } else {
            members = [LeavingMember(memberID: try reader.string(), instanceID: nil)]
        }
        try reader.taggedFields()
    }
}

package struct LeaveGroupResponse: APIResponse {
    /// Of the request as a whole.
    var error: ErrorCode
    var members: [(member: LeavingMember, error: ErrorCode)]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        guard version >= 3 else { return writer.error(error == .none ? members.first?.error ?? .none : error) }
        writer.error(error)
        writer.array(members) { writer, entry in
            writer.string(entry.member.memberID)
            writer.nullableString(entry.member.instanceID)
            writer.error(entry.error)
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
