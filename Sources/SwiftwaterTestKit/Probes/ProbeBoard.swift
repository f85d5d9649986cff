import Swiftwater

/// Shows the records of a topology under test to its probes, by node.
///
/// `@unchecked Sendable`: a wrapper must be, as others are used by many threads; this one belongs to a driver, which is used by one.
final class ProbeBoard: ProcessorWrapper, @unchecked Sendable {
    private var probes: [String: [any AnyTestProbe]] = [:]
    private let wrapper: (any ProcessorWrapper)?

    /// - Parameter wrapper: what the user has run around every node.
    init(around wrapper: (any ProcessorWrapper)?) {
        self.wrapper = wrapper
    }

    func add(_ probe: any AnyTestProbe, at node: String) {
        probes[node, default: []].append(probe)
    }

    func process<Key, Value>(
        _ record: Record<Key, Value>,
        at node: String,
        of task: TaskID,
        _ process: (Record<Key, Value>) throws -> Void
    ) throws {
        if let probes = probes[node] {
            for probe in probes { try probe.take(record) }
        }
        guard let wrapper else { return try process(record) }
        try wrapper.process(record, at: node, of: task, process)
    }
}
