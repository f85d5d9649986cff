import NIOCore

package struct SyncGroupRequest: APIRequest {
    package static let apiKey = APIKey.syncGroup
    package typealias Response = SyncGroupResponse

    var groupID: String
    var sync: SyncRequest

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        let generation = try reader.int32()
        let memberID = try reader.string()
        let instanceID = version >= 3 ? try reader.nullableString() : nil
        let protocolType = version >= 5 ? try reader.nullableString() : nil
        let protocolName = version >= 5 ? try reader.nullableString() : nil
        let assignments = try reader.array { reader throws(ProtocolError) in
            let assignment = (member: try reader.string(), bytes: Array(try reader.bytes().readableBytesView))
            try reader.taggedFields()
            return assignment
        }
        try reader.taggedFields()
        sync = SyncRequest(
            memberID: memberID, instanceID: instanceID, generation: generation, protocolType: protocolType,
            protocolName: protocolName,
            assignments: Dictionary(assignments.map { ($0.member, $0.bytes) }, uniquingKeysWith: { _, last in last }))
    }
}

package struct SyncGroupResponse: APIResponse {
    var answer: SyncAnswer

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        if version >= 1 { writer.int32(0) }
        writer.error(answer.error)
        if version >= 5 {
            writer.nullableString(answer.protocolType)
            writer.nullableString(answer.protocolName)
        }
        writer.bytes(ByteBuffer(bytes: answer.assignment))
        writer.taggedFields()
    }
}
