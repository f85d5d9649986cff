package struct DescribeConfigsRequest: APIRequest {
    package static let apiKey = APIKey.describeConfigs
    package typealias Response = DescribeConfigsResponse

    package struct Resource: Sendable {
        package var type: Int8
        package var name: String
        /// nil asks for all.
        package var configNames: [String]?
    }

    package var resources: [Resource]
    package var includesSynonyms: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        resources = try reader.array { reader throws(ProtocolError) in
            let resource = Resource(
                type: try reader.int8(),
                name: try reader.string(),
                configNames: try reader.nullableArray { reader throws(ProtocolError) in try reader.string() }
            )
            try reader.taggedFields()
            return resource
        }
        includesSynonyms = version >= 1 ? try reader.bool() : false
        if version >= 3 { _ = try reader.bool() }
        try reader.taggedFields()
    }
}

/// The kinds of thing that have configurations.
package enum ConfigResourceType {
    package static let topic: Int8 = 2
    package static let broker: Int8 = 4
}

/// One configuration as DescribeConfigs and CreateTopics show it.
package struct ConfigEntry: Sendable, Equatable {
    package enum Source: Int8, Sendable {
        case topic = 1
        case staticBroker = 4
        case builtIn = 5
    }

    package enum ValueType: Int8, Sendable {
        case boolean = 1
        case string = 2
        case int = 3
        case long = 5
        case double = 6
        case list = 7
    }

    package var name: String
    package var value: String?
    package var source: Source
    package var type: ValueType
    package var isReadOnly = false
    package var builtInValue: String?
}

package struct DescribeConfigsResponse: APIResponse {
    package struct Resource: Sendable {
        package var error: ErrorCode = .none
        package var errorMessage: String?
        package var type: Int8
        package var name: String
        package var configs: [ConfigEntry] = []
    }

    package var resources: [Resource]
    package var includesSynonyms: Bool

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.array(resources) { writer, resource in
            writer.error(resource.error)
            writer.nullableString(resource.errorMessage)
            writer.int8(resource.type)
            writer.string(resource.name)
            writer.array(resource.configs) { writer, entry in
                writer.string(entry.name)
                writer.nullableString(entry.value)
                writer.bool(entry.isReadOnly)
                if version == 0 { writer.bool(entry.source == .builtIn) }
                if version >= 1 { writer.int8(entry.source.rawValue) }
                writer.bool(false)
                if version >= 1 { writeSynonyms(of: entry, to: &writer) }
                if version >= 3 {
                    writer.int8(entry.type.rawValue)
                    writer.nullableString(nil)
                }
                writer.taggedFields()
            }
            writer.taggedFields()
        }
        writer.taggedFields()
    }

    /// Where the value comes from and what it hides, strongest first.
    private func writeSynonyms(of entry: ConfigEntry, to writer: inout ProtocolWriter) {
        guard includesSynonyms else { return writer.length(0) }
        var synonyms = [(entry.value, entry.source)]
        if entry.source != .builtIn { synonyms.append((entry.builtInValue, .builtIn)) }
        writer.array(synonyms) { writer, synonym in
            writer.string(entry.name)
            writer.nullableString(synonym.0)
            writer.int8(synonym.1.rawValue)
            writer.taggedFields()
        }
    }
}
