/// The typed end of a graph of nodes: where the next operator attaches.
@usableFromInline
struct Upstream<Key, Value>: Sendable {
    /// The node that emits.
    @usableFromInline let node: String
    @usableFromInline let connect: @Sendable (TaskAssembly, Receiver<Key, Value>) throws -> Void

    @usableFromInline
    init(node: String) {
        self.init(node: node, outlet: node)
    }

    /// Another way out of a node than its results take.
    init(node: String, outlet name: String) {
        self.init(node: node) { assembly, child in
            let outlet: Outlet<Key, Value> = try assembly.outlet(of: name)
            outlet.add(child)
        }
    }

    @usableFromInline
    init(node: String, connect: @escaping @Sendable (TaskAssembly, Receiver<Key, Value>) throws -> Void) {
        self.node = node
        self.connect = connect
    }

    /// The same records without those that have no key; they are counted for the operator that attaches.
    @inlinable
    func unwrappingKey<Wrapped>() -> Upstream<Wrapped, Value> where Key == Wrapped? {
        let connect = connect
        return Upstream<Wrapped, Value>(node: node) { assembly, child in
            try connect(assembly, child.takingOptionalKeys())
        }
    }

    /// The same records with keys of an optional type.
    func promotingKey() -> Upstream<Key?, Value> {
        let connect = connect
        return Upstream<Key?, Value>(node: node) { assembly, child in try connect(assembly, child.takingKeys()) }
    }

    /// The same records with values of an optional type.
    @inlinable
    func promotingValue() -> Upstream<Key, Value?> {
        let connect = connect
        return Upstream<Key, Value?>(node: node) { assembly, child in
            let adapter = Receiver<Key, Value>(name: child.name, context: child.context) { record in
                try child.receive(record.with(value: Optional(record.value)))
            }
            try connect(assembly, adapter)
        }
    }

    /// The same records without those that have no value; they are counted for the operator that attaches.
    @inlinable
    func unwrappingValue<Wrapped>() -> Upstream<Key, Wrapped> where Value == Wrapped? {
        let connect = connect
        return Upstream<Key, Wrapped>(node: node) { assembly, child in
            try connect(assembly, child.takingOptionalValues())
        }
    }
}
