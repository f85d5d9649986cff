/// A record whose operator threw.
public struct ProcessingFailure: RecordFailure {
    /// The record that was read when it happened.
    public var origin: RecordOrigin
    /// The task that met it.
    public var task: TaskID
    /// The operator whose function threw.
    public var node: String
    /// What it threw.
    public var error: any Error
    /// The record that the operator was given, key and value as its types; nil for a punctuation.
    public var record: Record<Any, Any>?

    /// Creates a failure, for tests of handlers.
    public init(
        origin: RecordOrigin,
        task: TaskID,
        node: String,
        error: any Error,
        record: Record<Any, Any>? = nil
    ) {
        self.origin = origin
        self.task = task
        self.node = node
        self.error = error
        self.record = record
    }
}
