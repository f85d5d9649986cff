/// Decides what happens to a record whose key or value cannot be read (KIP-161).
///
/// Whatever it says, the record's offset is committed once later records are (S-08): a poison pill is met once.
public protocol DeserializationExceptionHandler: Sendable {
    /// Says whether to go on; what it throws ends the application as a failure would.
    func handle(_ failure: DeserializationFailure) throws -> ExceptionResponse
}

/// Ends the application at the first record that cannot be read; the default.
public struct LogAndFailDeserialization: DeserializationExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers fail.
    public func handle(_ failure: DeserializationFailure) -> ExceptionResponse { .fail }
}

/// Leaves records out that cannot be read; each is counted, and logged with topic, partition and offset.
public struct LogAndContinueDeserialization: DeserializationExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers resume.
    public func handle(_ failure: DeserializationFailure) -> ExceptionResponse { .resume }
}

extension DeserializationExceptionHandler where Self == LogAndFailDeserialization {
    /// Ends the application at the first record that cannot be read; the default.
    public static var logAndFail: LogAndFailDeserialization { LogAndFailDeserialization() }
}

extension DeserializationExceptionHandler where Self == LogAndContinueDeserialization {
    /// Leaves records out that cannot be read.
    public static var logAndContinue: LogAndContinueDeserialization { LogAndContinueDeserialization() }
}
