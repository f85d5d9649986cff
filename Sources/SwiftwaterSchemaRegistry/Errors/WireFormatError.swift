/// Bytes that are not in the wire format of schema registries, or not what the serde reads.
///
/// It goes to the deserialisation handler with the record, as what any serde throws.
public struct WireFormatError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The bytes do not begin with a zero byte and the four of a schema's number: the writer used no registry.
        case noSchema
        /// The schema is of another language.
        case otherType
        /// The message-index list is malformed.
        case malformedIndexes
        /// The record holds another message of the schema.
        case otherMessage
    }

    /// What is wrong.
    public var reason: Reason
    /// What was found, and what was expected.
    public var message: String

    /// Creates an error, for tests of handlers.
    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}

extension WireFormatError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
