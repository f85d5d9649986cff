/// Where the records go that came too late for all their windows.
struct LateRecords<Key, Value> {
    let topic: String
    let key: Serde<Key>?
    let value: Serde<Value>?
    let name: String?

    /// The name of the second way out of an aggregation.
    static func outlet(of node: String) -> String { "\(node)-late" }

    /// Writes the sink behind an aggregation.
    func addSink(after node: String, in graph: StreamsGraph, keys: Serde<Key>) {
        graph.addSink(
            graph.name(name, or: "KSTREAM-SINK-"),
            after: Upstream<Key, Value>(node: node, outlet: Self.outlet(of: node)),
            topic: topic,
            isInternal: false,
            key: key ?? keys,
            value: graph.serde(value, of: "the values of late records", at: node),
            partitioner: nil
        )
    }
}
