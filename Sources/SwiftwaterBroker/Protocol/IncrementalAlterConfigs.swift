package struct IncrementalAlterConfigsRequest: APIRequest {
    package static let apiKey = APIKey.incrementalAlterConfigs
    package typealias Response = AlterConfigsResponse

    package struct Change: Sendable {
        package var name: String
        /// 0 sets, 1 goes back to the default, 2 adds to a list, 3 takes from a list.
        package var operation: Int8
        package var value: String?
    }

    package struct Resource: Sendable {
        package var type: Int8
        package var name: String
        package var changes: [Change]
    }

    package var resources: [Resource]
    package var validateOnly: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        resources = try reader.array { reader throws(ProtocolError) in
            let type = try reader.int8()
            let name = try reader.string()
            let changes = try reader.array { reader throws(ProtocolError) in
                let change = Change(
                    name: try reader.string(), operation: try reader.int8(), value: try reader.nullableString())
                try reader.taggedFields()
                return change
            }
            try reader.taggedFields()
            return Resource(type: type, name: name, changes: changes)
        }
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}
