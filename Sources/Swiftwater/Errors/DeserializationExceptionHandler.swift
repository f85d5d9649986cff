/// Decides what happens to a record whose key or value cannot be read (E-01).
///
/// Whatever it says, the record's offset is committed once later records are (S-08): a poison pill is met once.
public protocol DeserializationExceptionHandler: Sendable {
    /// Says whether to go on; what it throws ends the application as a failure would.
    func handle(_ failure: DeserializationFailure) throws -> ExceptionResponse
}

/// What a handler answers.
public enum ExceptionResponse: Sendable, Hashable {
    /// The stream thread ends with the error.
    case fail
    /// The record is counted, logged and left out.
    case resume
}

/// A record that could not be read.
public struct DeserializationFailure: Sendable {
    /// Where the record is.
    public var metadata: RecordMetadata
    /// Its timestamp as Kafka has it.
    public var timestamp: Timestamp
    /// Its headers.
    public var headers: Headers
    /// The key as it was read from Kafka.
    public var rawKey: [UInt8]?
    /// The value as it was read from Kafka.
    public var rawValue: [UInt8]?
    /// The task that met it.
    public var task: TaskID
    /// The source node that met it.
    public var node: String
    /// What the serde threw.
    public var error: any Error
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
