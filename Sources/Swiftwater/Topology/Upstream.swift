/// The typed end of a graph of nodes: where the next operator attaches.
@usableFromInline
struct Upstream<Key, Value>: Sendable {
    /// The node that emits.
    @usableFromInline let node: String
    @usableFromInline let attach: @Sendable (TaskAssembly, _ node: String, Receiver<Key, Value>) throws -> Void

    @usableFromInline
    init(node: String) {
        self.init(node: node) { assembly, node, child in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: node)
            outlet.add(child)
        }
    }

    /// Another way out of a node than its results take.
    init(node: String, outlet name: String) {
        self.init(node: node) { assembly, _, child in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
            outlet.add(child)
        }
    }

    /// - Parameter attach: makes a child follow the node of a name, which is `node` unless the optimiser moves the child.
    @usableFromInline
    init(node: String, attach: @escaping @Sendable (TaskAssembly, String, Receiver<Key, Value>) throws -> Void) {
        self.node = node
        self.attach = attach
    }

    @inlinable
    func connect(_ assembly: TaskAssembly, _ child: Receiver<Key, Value>) throws {
        try attach(assembly, node, child)
    }

    /// The same way out of another node.
    @inlinable
    func moved(to node: String) -> Upstream {
        Upstream(node: node, attach: attach)
    }

    /// The same records without those that have no key; they are counted for the operator that attaches.
    @inlinable
    func unwrappingKey<Wrapped>() -> Upstream<Wrapped, Value> where Key == Wrapped? {
        let attach = attach
        return Upstream<Wrapped, Value>(node: node) { try attach($0, $1, $2.takingOptionalKeys()) }
    }

    /// The same records with keys of an optional type.
    @inlinable
    func promotingKey() -> Upstream<Key?, Value> {
        let attach = attach
        return Upstream<Key?, Value>(node: node) { try attach($0, $1, $2.takingKeys()) }
    }

    /// The same records with values of an optional type.
    @inlinable
    func promotingValue() -> Upstream<Key, Value?> {
        let attach = attach
        return Upstream<Key, Value?>(node: node) { try attach($0, $1, $2.takingValues()) }
    }

    /// The same records without those that have no value; they are counted for the operator that attaches.
    @inlinable
    func unwrappingValue<Wrapped>() -> Upstream<Key, Wrapped> where Value == Wrapped? {
        let attach = attach
        return Upstream<Key, Wrapped>(node: node) { try attach($0, $1, $2.takingOptionalValues()) }
    }
}
