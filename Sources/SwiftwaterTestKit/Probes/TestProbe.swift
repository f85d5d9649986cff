public import Swiftwater

/// Sees the records that reach a node inside a topology under test; made by ``TopologyTestDriver/probe(_:key:value:)``.
public final class TestProbe<Key, Value> {
    /// The node's name in `describe()`.
    public let node: String
    /// What the node was given since the probe was made, in order.
    public private(set) var records: [Record<Key, Value>] = []

    init(node: String) {
        self.node = node
    }

    /// What the node was given since the last call, or since the probe was made.
    public func readRecords() -> [Record<Key, Value>] {
        defer { records.removeAll() }
        return records
    }

    /// Keeps a record of a node; throws if it is of other types.
    func take<NodeKey, NodeValue>(_ record: Record<NodeKey, NodeValue>) throws {
        let value = (record.value as? any TableChange)?.latest ?? record.value
        guard let key = record.key as? Key, let value = value as? Value else {
            throw StreamsError(
                .invalidConfiguration,
                "the probe is for \(Key.self), \(Value.self), the node takes \(NodeKey.self), \(NodeValue.self)",
                at: .init(node: node)
            )
        }
        records.append(Record(key: key, value: value, timestamp: record.timestamp, headers: record.headers))
    }
}

/// A probe whatever its types.
protocol AnyTestProbe: AnyObject {
    func take<Key, Value>(_ record: Record<Key, Value>) throws
}

extension TestProbe: AnyTestProbe {}
