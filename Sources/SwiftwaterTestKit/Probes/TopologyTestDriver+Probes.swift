import Swiftwater

extension TopologyTestDriver {
    /// Looks into a topology: the probe keeps what reaches a node from now on, before the node does its work.
    ///
    /// A node that follows a table is given changes, of which the probe shows the new values: `value:` is an optional type then.
    ///
    /// - Parameters:
    ///   - node: the node's name in ``Topology/describe()``; not a source, which is given no records but reads them.
    ///   - key: the type of the keys that the node is given.
    ///   - value: the type of the values that the node is given.
    /// - Throws: ``StreamsError/Code/invalidTopology`` if there is no such node; piping a record throws where its types are others.
    public func probe<Key, Value>(
        _ node: String,
        key: Key.Type = Key.self,
        value: Value.Type = Value.self
    ) throws -> TestProbe<Key, Value> {
        guard probedNodes.contains(node) else {
            throw StreamsError(
                .invalidTopology,
                "no node of this name takes records; there are \(probedNodes.sorted().joined(separator: ", "))",
                at: .init(node: node)
            )
        }
        let probe = TestProbe<Key, Value>(node: node)
        probes.add(probe, at: node)
        return probe
    }
}
