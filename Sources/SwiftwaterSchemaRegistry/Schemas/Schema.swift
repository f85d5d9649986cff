/// A schema as it stands in a registry: its language, its text and what it imports.
public struct Schema: Hashable, Sendable {
    /// The language of the text.
    public var type: SchemaType
    /// The text: a JSON Schema, a `.proto` file, an Avro schema.
    public var text: String
    /// The schemas that the text imports.
    public var references: [SchemaReference]

    /// Creates a schema.
    public init(_ type: SchemaType, _ text: String, references: [SchemaReference] = []) {
        self.type = type
        self.text = text
        self.references = references
    }

    /// A JSON Schema.
    public static func json(_ text: String, references: [SchemaReference] = []) -> Schema {
        Schema(.json, text, references: references)
    }

    /// The text of a `.proto` file.
    public static func protobuf(_ text: String, references: [SchemaReference] = []) -> Schema {
        Schema(.protobuf, text, references: references)
    }
}
