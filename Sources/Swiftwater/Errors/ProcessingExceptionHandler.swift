/// Decides what happens to a record for which a function of the topology threw (KIP-1033).
///
/// What is left out is the record at that operator: its other children get theirs, and stores keep what was written before
/// it threw. A function that throws a ``StreamsError`` ends the application without the handler being asked.
public protocol ProcessingExceptionHandler: Sendable {
    /// Says whether to go on; what it throws ends the application.
    func handle(_ failure: ProcessingFailure) throws -> ExceptionResponse
}

/// Ends the application when a function throws; the default.
public struct LogAndFailProcessing: ProcessingExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers fail.
    public func handle(_ failure: ProcessingFailure) -> ExceptionResponse { .fail }
}

/// Leaves out records for which a function threw; each is counted, and logged with node, topic, partition and offset.
public struct LogAndContinueProcessing: ProcessingExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers resume.
    public func handle(_ failure: ProcessingFailure) -> ExceptionResponse { .resume }
}

extension ProcessingExceptionHandler where Self == LogAndFailProcessing {
    /// Ends the application when a function throws; the default.
    public static var logAndFail: LogAndFailProcessing { LogAndFailProcessing() }
}

extension ProcessingExceptionHandler where Self == LogAndContinueProcessing {
    /// Leaves out records for which a function threw.
    public static var logAndContinue: LogAndContinueProcessing { LogAndContinueProcessing() }
}
