/// Where a node's results leave it: the nodes downstream, in the order in which they were added to the topology.
@usableFromInline
package final class Outlet<Key, Value> {
    /// Behind a pointer, so that no access has to be checked for exclusivity.
    @usableFromInline let children: UnsafeMutablePointer<[Receiver<Key, Value>]>
    private let context: TaskContext

    init(context: TaskContext) {
        self.context = context
        children = .allocate(capacity: 1)
        children.initialize(to: [])
    }

    deinit {
        children.deinitialize(count: 1)
        children.deallocate()
    }

    func add(_ child: Receiver<Key, Value>) {
        children.pointee.append(child)
    }

    var isEmpty: Bool { children.pointee.isEmpty }

    @inlinable
    func forward(_ record: Record<Key, Value>) throws {
        var index = 0
        while index < children.pointee.count {
            do {
                try children.pointee[index].receive(record)
            } catch {
                throw wrapped(error, node: children.pointee[index].name)
            }
            index &+= 1
        }
    }

    @usableFromInline
    func wrapped(_ error: any Error, node: String) -> any Error {
        if error is StreamsError { return error }
        return StreamsError(
            .processing,
            "the function of the operator threw",
            at: context.place(node: node),
            cause: error
        )
    }
}
