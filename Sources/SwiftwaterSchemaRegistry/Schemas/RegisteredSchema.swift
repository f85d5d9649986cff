/// A schema under a subject of a registry.
public struct RegisteredSchema: Hashable, Sendable {
    /// The subject, such as `orders-value`.
    public var subject: String
    /// The version under the subject, from 1 on.
    public var version: Int
    /// The number that stands in records; the same text has one number under all subjects.
    public var id: Int32
    /// The schema.
    public var schema: Schema

    /// Creates a registered schema, for tests.
    public init(subject: String, version: Int, id: Int32, schema: Schema) {
        self.subject = subject
        self.version = version
        self.id = id
        self.schema = schema
    }
}
