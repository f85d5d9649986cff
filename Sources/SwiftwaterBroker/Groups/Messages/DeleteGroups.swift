package struct DeleteGroupsRequest: APIRequest {
    package static let apiKey = APIKey.deleteGroups
    package typealias Response = DeleteGroupsResponse

    var groupIDs: [String]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupIDs = try reader.stringArray()
        try reader.taggedFields()
    }
}

package struct DeleteGroupsResponse: APIResponse {
    var results: [(id: String, error: ErrorCode)]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(results) { writer, result in
            writer.string(result.id)
            writer.error(result.error)
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
