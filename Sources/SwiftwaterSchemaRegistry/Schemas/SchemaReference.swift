/// A schema that another one imports.
public struct SchemaReference: Hashable, Sendable, Codable {
    /// What the importing text calls it: for Protobuf the path of the `import`, for JSON Schema the `$ref`.
    public var name: String
    /// The subject under which the imported schema is registered.
    public var subject: String
    /// The version under that subject.
    public var version: Int

    /// Creates a reference.
    public init(name: String, subject: String, version: Int) {
        self.name = name
        self.subject = subject
        self.version = version
    }
}
