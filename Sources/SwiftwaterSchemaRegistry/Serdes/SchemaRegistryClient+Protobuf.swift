public import SwiftProtobuf
public import Swiftwater
internal import SwiftwaterProtobuf

extension SchemaRegistryClient {
    /// A serde for Protocol Buffers, in the wire format of `KafkaProtobufSerializer`.
    ///
    /// A zero byte, the schema's number in four bytes, big-endian, the position of the message in the `.proto` file (zig-zag varints; the first
    /// message is one zero byte), and the message as `Serde.protobuf` writes it. Records whose schema does not exist, or that hold
    /// another message, go to the deserialisation handler. A registry that cannot be reached is a `StreamsError` with the code `schemaRegistry`.
    ///
    /// Best for values. The bytes of a key tell its schema, so that a key of a new schema is another key.
    ///
    /// Throws a `StreamsError` with the code `invalidConfiguration` where the text does not declare the message.
    ///
    /// - Parameters:
    ///   - type: the message, made by `protoc-gen-swift`.
    ///   - schema: which schema it is written with; a text is that of the `.proto` file that declares the message.
    ///   - subject: under which subject the schema stands.
    public func protobuf<Value: Message>(
        _ type: Value.Type = Value.self,
        schema: WriterSchema,
        subject: SubjectNameStrategy = .topic
    ) throws -> Serde<Value> {
        let format = RecordFormat.protobuf(Value.protoMessageName)
        if let text = schema.text {
            do {
                _ = try format.prefixes(in: .protobuf(text))
            } catch {
                throw StreamsError(.invalidConfiguration, error.message, cause: error)
            }
        }
        return RegistrySerde(self, .protobuf(), format, schema, subject, RecordName(Value.protoMessageName)).serde
    }
}
