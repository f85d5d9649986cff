/// What the wire format demands of the two languages: which schemas fit, and what stands between header and payload.
enum RecordFormat: Sendable {
    case json
    /// A message by its full name.
    case protobuf(String)

    var schemaType: SchemaType {
        switch self {
        case .json: .json
        case .protobuf: .protobuf
        }
    }

    /// The bytes after the header, for each way in which they may stand there; the first is what is written.
    func prefixes(in schema: Schema) throws(WireFormatError) -> [[UInt8]] {
        guard schema.type == schemaType else {
            throw WireFormatError(.otherType, "the schema is of type \(schema.type), the serde reads \(schemaType)")
        }
        switch self {
        case .json:
            return [[]]
        case .protobuf(let name):
            let file = ProtobufFile(schema.text)
            let prefixes = file.indexes(of: name).map(\.bytes)
            guard !prefixes.isEmpty else {
                throw WireFormatError(
                    .otherMessage,
                    "the schema has no message \(name); it has \(file.messages.keys.sorted().joined(separator: ", "))"
                )
            }
            return prefixes
        }
    }
}
