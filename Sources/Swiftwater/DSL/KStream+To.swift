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

    /// Writes each record to the topic that a function names for it; the topics must exist when they are first named.
    ///
    /// A topic that does not exist ends the application: ``StreamsError/Code/missingTopic``.
    ///
    /// - Parameters:
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - partitioner: which partition a record goes to; nil is Kafka's murmur2 of the key.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - topic: names the topic; it also sees where the record that was read is, nil when a cache is emitted.
    @inlinable
    public func to(
        key: Serde<Key>,
        value: Serde<Value>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil,
        topic: @escaping @Sendable (Record<Key, Value>, RecordMetadata?) throws -> String
    ) {
        let name = graph.name(named, or: "KSTREAM-SINK-")
        graph.addRoutingSink(name, after: upstream.node) { [upstream] assembly in
            let context = assembly.context
            let routes = SinkRoutes<Key, Value>()
            let receiver = Receiver<Key, Value>(name: name, context: context) { record in
                let topic = try topic(record, context.recordMetadata)
                if let known = routes.receivers[topic] { return try known.receive(record) }
                let site = SinkSite(name: name, context: context, topic: try context.output.topic(named: topic))
                let receiver = site.receiver(key: key, value: value, partitioner: partitioner)
                routes.receivers[topic] = receiver
                try receiver.receive(record)
            }
            try upstream.connect(assembly, receiver)
        }
    }

    /// Writes each record to the topic that a function names for it; nil values become null.
    @inlinable
    public func to<Wrapped>(
        key: Serde<Key>,
        value: Serde<Wrapped>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil,
        topic: @escaping @Sendable (Record<Key, Value>, RecordMetadata?) throws -> String
    ) where Value == Wrapped? {
        to(key: key, value: .optional(value), partitioner: partitioner, named: named, topic: topic)
    }

    /// Writes each record to the topic that a function names for it; nil keys and values become null.
    @inlinable
    public func to<WrappedKey, WrappedValue>(
        key: Serde<WrappedKey>,
        value: Serde<WrappedValue>,
        partitioner: StreamPartitioner<Key, Value>? = nil,
        named: String? = nil,
        topic: @escaping @Sendable (Record<Key, Value>, RecordMetadata?) throws -> String
    ) where Key == WrappedKey?, Value == WrappedValue? {
        to(key: .optional(key), value: .optional(value), partitioner: partitioner, named: named, topic: topic)
    }
}
