public import Swiftwater

/// What a simulated run has left in its topics.
public struct SimulationOutcome {
    let cluster: SimulatedCluster

    /// The committed records of a topic, partition by partition in order.
    public func records<Key, Value>(
        of topic: String, key: Serde<Key>, value: Serde<Value>
    ) throws -> [Record<Key, Value>] {
        try (0..<cluster.partitionCount).flatMap { partition in
            try cluster.log(TopicPartition(topic, partition)).read(from: 0, committed: true, limit: .max).records.map {
                Record(
                    key: try key.deserialize($0.1.key, topic: topic, component: .key),
                    value: try value.deserialize($0.1.value, topic: topic),
                    timestamp: $0.1.timestamp,
                    headers: $0.1.headers
                )
            }
        }
    }
}
