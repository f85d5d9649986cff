/// Lets a node that follows another one follow a repartition instead, whose keys and values are of other types.
@usableFromInline
struct Detour<Key, Value>: Sendable {
    /// Sends the child of a node to the source of a repartition.
    @usableFromInline let add:
        @Sendable (TaskAssembly, _ child: String, _ node: String, _ source: String) throws -> Void

    /// - Parameter adapt: makes the child take what comes out of the repartition.
    @usableFromInline
    init<OwnKey, OwnValue>(_ adapt: @escaping @Sendable (Receiver<OwnKey, OwnValue>) -> Receiver<Key, Value>) {
        add = { assembly, child, node, source in
            let target: Outlet<Key, Value> = try assembly.outlet(of: source)
            let outlet: Outlet<OwnKey, OwnValue> = try assembly.outlet(of: node)
            outlet.divert(child) { target.add(adapt($0)) }
        }
    }
}
