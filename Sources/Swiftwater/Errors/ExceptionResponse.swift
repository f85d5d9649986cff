/// What a handler answers about a record that could not be read, processed or written (KIP-1033, KIP-1034).
///
/// Either way the record goes to the dead-letter topic, if the application has one: as it was read, with headers that say
/// what happened. Name letters of your own to send others, or none.
public struct ExceptionResponse: Sendable, Hashable {
    /// Whether the record is left out, or ends the stream thread.
    public enum Action: Sendable, Hashable {
        /// The stream thread ends with the error.
        case fail
        /// The record is counted, logged and left out.
        case resume
    }

    /// Whether to go on.
    public var action: Action
    /// What goes to dead-letter topics; nil is one letter to the application's, if it has one.
    public var deadLetters: [DeadLetter]?

    /// The stream thread ends with the error.
    public static let fail = ExceptionResponse(action: .fail, deadLetters: nil)
    /// The record is counted, logged and left out.
    public static let resume = ExceptionResponse(action: .resume, deadLetters: nil)

    /// The stream thread ends with the error, after these letters are sent.
    public static func fail(deadLetters: [DeadLetter]) -> ExceptionResponse {
        ExceptionResponse(action: .fail, deadLetters: deadLetters)
    }

    /// The record is counted, logged and left out, and these letters are sent.
    public static func resume(deadLetters: [DeadLetter]) -> ExceptionResponse {
        ExceptionResponse(action: .resume, deadLetters: deadLetters)
    }
}
