/// A record that could not be read.
public struct DeserializationFailure: RecordFailure, Sendable {
    /// The record; its place is known.
    public var origin: RecordOrigin
    /// The task that met it.
    public var task: TaskID
    /// The source node that met it.
    public var node: String
    /// What the serde threw.
    public var error: any Error

    /// Creates a failure, for tests of handlers.
    public init(origin: RecordOrigin, task: TaskID, node: String, error: any Error) {
        self.origin = origin
        self.task = task
        self.node = node
        self.error = error
    }
}
