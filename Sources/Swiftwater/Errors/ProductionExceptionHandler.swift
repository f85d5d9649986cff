/// Decides what happens to a record that could not be written as bytes, or not delivered (KIP-210, KIP-399).
public protocol ProductionExceptionHandler: Sendable {
    /// Says what becomes of a record that was not delivered; what it throws ends the application.
    func handle(_ failure: ProductionFailure) throws -> ProductionExceptionResponse

    /// Says what becomes of a record that cannot be written as bytes (KIP-399); fails unless you say otherwise.
    func handle(_ failure: SerializationFailure) throws -> ExceptionResponse
}

extension ProductionExceptionHandler {
    /// Answers fail.
    public func handle(_ failure: SerializationFailure) throws -> ExceptionResponse { .fail }
}

/// Sends again what may pass and ends the application for the rest; the default (KIP-1065).
public struct DefaultProductionHandler: ProductionExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers retry where that may help, else fail.
    public func handle(_ failure: ProductionFailure) -> ProductionExceptionResponse {
        failure.isRetriable ? .retry : .fail
    }
}

/// Leaves out what cannot be written or delivered; each is counted, and logged.
public struct LogAndContinueProduction: ProductionExceptionHandler {
    /// Creates the handler.
    public init() {}

    /// Answers resume.
    public func handle(_ failure: ProductionFailure) -> ProductionExceptionResponse { .resume }

    /// Answers resume.
    public func handle(_ failure: SerializationFailure) -> ExceptionResponse { .resume }
}

extension ProductionExceptionHandler where Self == DefaultProductionHandler {
    /// Sends again what may pass and ends the application for the rest; the default.
    public static var standard: DefaultProductionHandler { DefaultProductionHandler() }
}

extension ProductionExceptionHandler where Self == LogAndContinueProduction {
    /// Leaves out what cannot be written or delivered.
    public static var logAndContinue: LogAndContinueProduction { LogAndContinueProduction() }
}
