/// Bytes that a serde could not read, or a value that it could not write.
public struct SerdeError: Error, Sendable, CustomStringConvertible {
    /// What was expected and what was found.
    public var message: String

    /// Creates an error.
    public init(_ message: String) {
        self.message = message
    }

    @usableFromInline
    static func unexpectedNull(_ context: SerdeContext) -> SerdeError {
        SerdeError("null \(context.component.rawValue): read the topic with .optional(…) if null is expected")
    }

    /// The message.
    public var description: String { message }
}
