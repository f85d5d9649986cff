/// A node of a running task that takes typed records; operators are subclasses, the types go through from source to sink.
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
}

/// Where a node's results leave it: the nodes downstream, in the order in which they were added to the topology.
package final class Outlet<Key, Value> {
    private var children: [Processor<Key, Value>] = []
    private let context: TaskContext

    init(context: TaskContext) {
        self.context = context
    }

    func add(_ child: Processor<Key, Value>) {
        children.append(child)
    }

    var isEmpty: Bool { children.isEmpty }

    @inline(__always)
    func forward(_ record: Record<Key, Value>) throws {
        for child in children {
            do {
                try child.process(record)
            } catch {
                throw wrapped(error, node: child.name)
            }
        }
    }

    private func wrapped(_ error: any Error, node: String) -> any Error {
        if error is StreamsError { return error }
        return StreamsError(
            .processing,
            "the function of the operator threw",
            at: context.place(node: node),
            cause: error
        )
    }
}
