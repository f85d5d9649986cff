/// The language of a schema; registries may know more.
public struct SchemaType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name as the registry writes it.
    public var rawValue: String

    /// Names a language.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }

    /// Apache Avro; what a registry means where it names no type.
    public static let avro = SchemaType(rawValue: "AVRO")
    /// JSON Schema.
    public static let json = SchemaType(rawValue: "JSON")
    /// A `.proto` file.
    public static let protobuf = SchemaType(rawValue: "PROTOBUF")
}
