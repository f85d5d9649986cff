internal import Foundation

// What requests and answers look like as JSON. Registries name no type where it is Avro, and no references where there are none.

struct SchemaBody: Encodable {
    var schema: String
    var schemaType: String?
    var references: [SchemaReference]?

    init(_ schema: Schema) {
        self.schema = schema.text
        schemaType = schema.type == .avro ? nil : schema.type.rawValue
        references = schema.references.isEmpty ? nil : schema.references
    }

    /// The body of a request. Texts and numbers can always be written.
    var json: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)) ?? Data()
    }
}

struct SchemaAnswer: Decodable, Sendable {
    var schema: String
    var schemaType: String?
    var references: [SchemaReference]?

    var value: Schema {
        Schema(schemaType.map(SchemaType.init) ?? .avro, schema, references: references ?? [])
    }
}

struct IDAnswer: Decodable, Sendable {
    var id: Int32
}

struct VersionAnswer: Decodable, Sendable {
    var subject: String
    var version: Int
    var id: Int32
    var schema: String
    var schemaType: String?
    var references: [SchemaReference]?

    var value: RegisteredSchema {
        let answer = SchemaAnswer(schema: schema, schemaType: schemaType, references: references)
        return RegisteredSchema(subject: subject, version: version, id: id, schema: answer.value)
    }
}

struct CompatibilityAnswer: Decodable, Sendable {
    var isCompatible: Bool
    var messages: [String]?

    enum CodingKeys: String, CodingKey {
        case isCompatible = "is_compatible"
        case messages
    }
}

struct ErrorAnswer: Decodable, Sendable {
    var code: Int
    var message: String?

    enum CodingKeys: String, CodingKey {
        case code = "error_code"
        case message
    }
}
