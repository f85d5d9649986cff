/// Runs around every node that takes records, the library's own as well as processors of one's own: for logs, traces and tests.
///
/// The counterpart of `ProcessorWrapper` (KIP-1112). Nodes are wrapped when a task is made: without a wrapper this costs nothing.
///
/// ```swift
/// struct Tracing: ProcessorWrapper {
///     func process<Key, Value>(
///         _ record: Record<Key, Value>, at node: String, of task: TaskID,
///         _ process: (Record<Key, Value>) throws -> Void
///     ) throws {
///         try withSpan(node) { try process(record) }
///     }
/// }
/// ```
public protocol ProcessorWrapper: Sendable {
    /// Called instead of a node, once for each of its records.
    ///
    /// What it throws is handled as if the node had thrown it. Between tables the values are changes, of a type that is the library's.
    ///
    /// - Parameters:
    ///   - record: what the node is to process.
    ///   - node: its name in ``Topology/describe()``.
    ///   - task: the task; all its records come from one thread.
    ///   - process: has the node process a record, and all nodes behind it, before it returns; not calling it leaves the record out.
    func process<Key, Value>(
        _ record: Record<Key, Value>,
        at node: String,
        of task: TaskID,
        _ process: (Record<Key, Value>) throws -> Void
    ) throws
}
