/// Where a node's results leave it: the nodes downstream, in the order in which they were added to the topology.
@usableFromInline
package final class Outlet<Key, Value> {
    /// Behind a pointer, so that no access has to be checked for exclusivity.
    @usableFromInline let children: UnsafeMutablePointer<[Receiver<Key, Value>]>
    private let context: TaskContext
    /// Where children go that follow a repartition of these records instead.
    private var detours: [String: (Receiver<Key, Value>) -> Void] = [:]

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
        if let detour = detours[child.name] { return detour(child) }
        children.pointee.append(context.settings.processorWrapper.map { wrapped(child, by: $0) } ?? child)
    }

    /// Sends a child elsewhere that will be added.
    func divert(_ child: String, to detour: @escaping (Receiver<Key, Value>) -> Void) {
        detours[child] = detour
    }

    private func wrapped(_ child: Receiver<Key, Value>, by wrapper: any ProcessorWrapper) -> Receiver<Key, Value> {
        Receiver(name: child.name, context: child.context) { record in
            try wrapper.process(record, at: child.name, of: child.context.taskID, child.receive)
        }
    }

    var isEmpty: Bool { children.pointee.isEmpty }

    @inlinable
    func forward(_ record: Record<Key, Value>) throws {
        var index = 0
        while index < children.pointee.count {
            do {
                try children.pointee[index].receive(record)
            } catch {
                try failed(error, record, node: children.pointee[index].name)
            }
            index &+= 1
        }
    }

    /// Forwards to one child only.
    func forward(_ record: Record<Key, Value>, to name: String) throws {
        guard let child = children.pointee.first(where: { $0.name == name }) else {
            throw StreamsError(
                .processing,
                "there is no node \(name) downstream; there are \(children.pointee.map(\.name).joined(separator: ", "))",
                at: context.place()
            )
        }
        do {
            try child.receive(record)
        } catch {
            try failed(error, record, node: child.name)
        }
    }

    /// Asks the handler about a record whose operator threw; throws if it does not want to go on.
    @usableFromInline
    func failed(_ error: any Error, _ record: Record<Key, Value>, node: String) throws {
        try context.failures.processing(
            error,
            node: node,
            record: Record(
                key: record.key,
                value: record.value,
                timestamp: record.timestamp,
                headers: record.headers
            )
        )
    }
}
