/// What a handler is told about a record, whatever failed; see the types that conform.
public protocol RecordFailure {
    /// The record that was read when it happened.
    var origin: RecordOrigin { get }
    /// The task that met it.
    var task: TaskID { get }
    /// The node that met it.
    var node: String { get }
    /// What was thrown.
    var error: any Error { get }
}
