/// A node of a running task that takes typed records: the base of operators that are not on the hot path, see ``Receiver``.
///
/// # Contract
/// - `process` is called by the task's thread, for one record at a time, depth first (S-11).
/// - What it throws without being a `StreamsError` is wrapped by the outlet that called it, with the node's name.
package class Processor<Key, Value> {
    package let name: String
    package let context: TaskContext

    init(name: String, context: TaskContext) {
        self.name = name
        self.context = context
    }

    package func process(_ record: Record<Key, Value>) throws {
        throw StreamsError(.internal, "\(type(of: self)) does not process records", at: context.place(node: name))
    }

    var receiver: Receiver<Key, Value> {
        Receiver(name: name, context: context) { try self.process($0) }
    }
}
