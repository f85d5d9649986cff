internal import Foundation
public import Swiftwater

extension SchemaRegistryClient {
    /// A serde for JSON with a JSON Schema, in the wire format of `KafkaJsonSchemaSerializer`.
    ///
    /// A zero byte, the schema's number in four bytes, big-endian, and the JSON of `Serde.json`. The registry keeps the schema and compares
    /// it with those before it; values are not held against it when they are read or written. Records whose schema does not exist or is no
    /// JSON Schema go to the deserialisation handler. A registry that cannot be reached is a `StreamsError` with the code `schemaRegistry`.
    ///
    /// Best for values. The bytes of a key tell its schema, so that a key of a new schema is another key.
    ///
    /// Throws a `StreamsError` with the code `invalidConfiguration` where the text is not JSON.
    ///
    /// - Parameters:
    ///   - type: what is read and written.
    ///   - schema: which schema it is written with.
    ///   - subject: under which subject the schema stands.
    ///   - recordName: the name that strategies by record use; nil is the schema's `title`.
    public func json<Value: Codable & SendableMetatype>(
        _ type: Value.Type = Value.self,
        schema: WriterSchema,
        subject: SubjectNameStrategy = .topic,
        recordName: String? = nil
    ) throws -> Serde<Value> {
        if let text = schema.text {
            do {
                _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            } catch {
                throw StreamsError(.invalidConfiguration, "the schema of \(Value.self) is not JSON", cause: error)
            }
        }
        let name = recordName ?? schema.text.flatMap(RecordName.title(of:))
        return RegistrySerde(self, .json(type), .json, schema, subject, RecordName(name)).serde
    }
}
