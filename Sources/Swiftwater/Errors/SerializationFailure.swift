/// A record whose key or value could not be written as bytes (KIP-399).
public struct SerializationFailure: RecordFailure {
    /// The record that was read when it happened.
    public var origin: RecordOrigin
    /// The task that met it.
    public var task: TaskID
    /// The sink that met it.
    public var node: String
    /// What the serde threw.
    public var error: any Error
    /// The topic that the record was for.
    public var topic: String
    /// Which of the two could not be written.
    public var component: SerdeContext.Component
    /// The record, key and value as the sink's types.
    public var record: Record<Any, Any>

    /// Creates a failure, for tests of handlers.
    public init(
        origin: RecordOrigin,
        task: TaskID,
        node: String,
        error: any Error,
        topic: String,
        component: SerdeContext.Component,
        record: Record<Any, Any>
    ) {
        self.origin = origin
        self.task = task
        self.node = node
        self.error = error
        self.topic = topic
        self.component = component
        self.record = record
    }
}
