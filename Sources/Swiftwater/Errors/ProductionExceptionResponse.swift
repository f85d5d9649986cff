/// What a handler answers about a record that could not be delivered (E-03).
public struct ProductionExceptionResponse: Sendable, Hashable {
    /// What becomes of the record.
    public enum Action: Sendable, Hashable {
        /// The stream thread ends with the error.
        case fail
        /// The record is counted, logged and left out; the offset of what it was made from is committed all the same.
        case resume
        /// It is sent again; taken as ``fail`` where the failure will not pass (KIP-1065).
        case retry
    }

    /// What becomes of the record.
    public var action: Action
    /// What goes to dead-letter topics; nil is one letter to the application's, if it has one.
    public var deadLetters: [DeadLetter]?

    /// The stream thread ends with the error.
    public static let fail = ProductionExceptionResponse(action: .fail, deadLetters: nil)
    /// The record is counted, logged and left out.
    public static let resume = ProductionExceptionResponse(action: .resume, deadLetters: nil)
    /// The record is sent again, if the failure may pass.
    public static let retry = ProductionExceptionResponse(action: .retry, deadLetters: nil)

    /// The stream thread ends with the error, after these letters are sent.
    public static func fail(deadLetters: [DeadLetter]) -> ProductionExceptionResponse {
        ProductionExceptionResponse(action: .fail, deadLetters: deadLetters)
    }

    /// The record is counted, logged and left out, and these letters are sent.
    public static func resume(deadLetters: [DeadLetter]) -> ProductionExceptionResponse {
        ProductionExceptionResponse(action: .resume, deadLetters: deadLetters)
    }
}
