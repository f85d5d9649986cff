package struct FindCoordinatorRequest: APIRequest {
    package static let apiKey = APIKey.findCoordinator
    package typealias Response = FindCoordinatorResponse

    /// 0 is a group, 1 a transactional id.
    var keyType: Int8 = 0
    /// Exactly one before version 4.
    var keys: [String]

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        keys = version < 4 ? [try reader.string()] : []
        if version >= 1 { keyType = try reader.int8() }
        if version >= 4 { keys = try reader.stringArray() }
        try reader.taggedFields()
    }
}

package struct FindCoordinatorResponse: APIResponse {
    var error: ErrorCode
    var keys: [String]
    var node: (id: Int32, host: String, port: Int32)

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        if version >= 4 {
            writer.array(keys) { writer, key in
                writer.string(key)
                writeNode(to: &writer)
                writer.error(error)
                writer.nullableString(nil)
                writer.taggedFields()
            }
        } else {
            writer.error(error)
            if version >= 1 { writer.nullableString(nil) }
            writeNode(to: &writer)
        }
        writer.taggedFields()
    }

    private func writeNode(to writer: inout ProtocolWriter) {
        writer.int32(error == .none ? node.id : -1)
        writer.string(error == .none ? node.host : "")
        writer.int32(error == .none ? node.port : -1)
    }
}
