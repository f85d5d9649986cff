/// A record that could not be delivered: too large, not authorised, timed out.
public struct ProductionFailure: RecordFailure, Sendable {
    /// The record that was read when it happened; of a report that came later only what is still known.
    public var origin: RecordOrigin
    /// The task that sent it.
    public var task: TaskID
    /// The sink that sent it, or the store whose changelog it was for.
    public var node: String
    /// What the producer said.
    public var error: any Error
    /// Where the record was to go.
    public var topic: String
    /// The partition it was to go to.
    public var partition: Int32
    /// The key's bytes.
    public var key: [UInt8]?
    /// The value's bytes.
    public var value: [UInt8]?
    /// Whether sending again may help.
    public var isRetriable: Bool

    /// Creates a failure, for tests of handlers.
    public init(
        origin: RecordOrigin,
        task: TaskID,
        node: String,
        error: any Error,
        topic: String,
        partition: Int32,
        key: [UInt8]?,
        value: [UInt8]?,
        isRetriable: Bool
    ) {
        self.origin = origin
        self.task = task
        self.node = node
        self.error = error
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.isRetriable = isRetriable
    }
}
