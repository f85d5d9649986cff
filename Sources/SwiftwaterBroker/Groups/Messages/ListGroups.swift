package struct ListGroupsRequest: APIRequest {
    package static let apiKey = APIKey.listGroups
    package typealias Response = ListGroupsResponse

    /// Empty asks for all.
    var states: [String] = []

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        if version >= 4 { states = try reader.stringArray() }
        try reader.taggedFields()
    }
}

package struct ListGroupsResponse: APIResponse {
    var groups: [(id: String, protocolType: String, state: GroupState)]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        writer.error(.none)
        writer.array(groups) { writer, group in
            writer.string(group.id)
            writer.string(group.protocolType)
            if version >= 4 { writer.string(group.state.rawValue) }
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
