package struct APIVersionsRequest: APIRequest {
    package static let apiKey = APIKey.apiVersions

    package var softwareName: String?
    package var softwareVersion: String?

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        if version >= 3 {
            softwareName = try reader.string()
            softwareVersion = try reader.string()
            try reader.taggedFields()
        }
    }

    package typealias Response = APIVersionsResponse
}

package struct APIVersionsResponse: APIResponse {
    package var error: ErrorCode = .none
    package var apiKeys: [APIKey]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.error(error)
        writer.array(apiKeys) { writer, key in
            writer.int16(key.rawValue)
            writer.int16(key.versions.lowerBound)
            writer.int16(key.versions.upperBound)
            writer.taggedFields()
        }
        if version >= 1 { writer.int32(0) }
        writer.taggedFields()
    }
}
