extension KStream {
    /// Writes the stream to a topic, which must exist when the application starts.
    ///
    /// - Parameters:
    ///   - topic: the topic.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - partitioner: which partition a record goes to; nil is Kafka's murmur2 of the key.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func to(
        _ topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil
    ) {
        graph.addSink(
            graph.name(named, or: "KSTREAM-SINK-"),
            after: upstream,
            topic: topic,
            isInternal: false,
            key: key,
            value: value,
            partitioner: partitioner
        )
    }

    /// Writes the stream to a topic; nil values become null, such as the deletions of a table.
    @inlinable
    public func to<Wrapped>(
        _ topic: String,
        key: Serde<Key>,
        value: Serde<Wrapped>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil
    ) where Value == Wrapped? {
        to(topic, key: key, value: .optional(value), partitioner: partitioner, named: named)
    }

    /// Writes the stream to a topic; nil keys become null.
    @inlinable
    public func to<Wrapped>(
        _ topic: String,
        key: Serde<Wrapped>,
        value: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil
    ) where Key == Wrapped? {
        to(topic, key: .optional(key), value: value, partitioner: partitioner, named: named)
    }

    /// Writes the stream to a topic; nil keys and values become null.
    @inlinable
    public func to<WrappedKey, WrappedValue>(
        _ topic: String,
        key: Serde<WrappedKey>,
        value: Serde<WrappedValue>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil
    ) where Key == WrappedKey?, Value == WrappedValue? {
        to(topic, key: .optional(key), value: .optional(value), partitioner: partitioner, named: named)
    }
}
