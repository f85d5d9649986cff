package struct AlterConfigsRequest: APIRequest {
    package static let apiKey = APIKey.alterConfigs
    package typealias Response = AlterConfigsResponse

    package struct Resource: Sendable {
        package var type: Int8
        package var name: String
        /// All that the resource is to have: what is missing goes back to its default.
        package var configs: [(name: String, value: String?)]
    }

    package var resources: [Resource]
    package var validateOnly: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        resources = try reader.array { reader throws(ProtocolError) in
            let type = try reader.int8()
            let name = try reader.string()
            let configs = try reader.array { reader throws(ProtocolError) in
                let config = (name: try reader.string(), value: try reader.nullableString())
                try reader.taggedFields()
                return config
            }
            try reader.taggedFields()
            return Resource(type: type, name: name, configs: configs)
        }
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}

/// Also the answer to IncrementalAlterConfigs, which has the same form.
package struct AlterConfigsResponse: APIResponse {
    package struct Resource: Sendable {
        package var error: ErrorCode = .none
        package var errorMessage: String?
        package var type: Int8
        package var name: String
    }

    package var resources: [Resource]

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(resources) { writer, resource in
            writer.error(resource.error)
            writer.nullableString(resource.errorMessage)
            writer.int8(resource.type)
            writer.string(resource.name)
            writer.taggedFields()
        }
        writer.taggedFields()
    }
}
