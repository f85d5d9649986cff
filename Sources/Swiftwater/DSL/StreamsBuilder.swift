/// Where a topology begins: name the topics to read, chain operators, then ``build(optimizing:)``.
///
/// Mistakes in a chain (a name used twice, a missing serde) are thrown by ``build(optimizing:)``. The counterpart of Kafka
/// Streams' `StreamsBuilder`. Use a builder on one task or thread.
///
/// ```swift
/// let builder = StreamsBuilder()
/// builder.stream("lines", key: .string, value: .string)
///     .flatMapValues { $0.lowercased().split { !$0.isLetter }.map(String.init) }
///     .groupBy(key: .string) { _, word in word }
///     .count(as: "counts")
///     .toStream()
///     .to("words-with-counts", key: .string, value: .int64)
/// let topology = try builder.build()
/// ```
public final class StreamsBuilder {
    @usableFromInline let graph: StreamsGraph

    /// An empty builder.
    ///
    /// - Parameter configuration: what the topology wants for itself, whatever the application that runs it says.
    public init(_ configuration: TopologyConfiguration = TopologyConfiguration()) {
        graph = StreamsGraph(configuration)
    }

    /// Reads a topic as a stream of records.
    ///
    /// - Parameters:
    ///   - topic: the topic; it must exist when the application starts.
    ///   - key: how keys are read; a null key needs `.optional(…)`.
    ///   - value: how values are read; a null value needs `.optional(…)`.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - offsetReset: where to begin without a committed offset; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func stream<Key, Value>(
        _ topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        timestampExtractor: (any TimestampExtractor)? = nil,
        offsetReset: OffsetReset? = nil,
        named: String? = nil
    ) -> KStream<Key, Value> {
        stream(
            [topic],
            key: key,
            value: value,
            timestampExtractor: timestampExtractor,
            offsetReset: offsetReset,
            named: named
        )
    }

    /// Reads several topics as one stream; between topics there is no order but that of timestamps.
    @inlinable
    public func stream<Key, Value>(
        _ topics: [String],
        key: Serde<Key>,
        value: Serde<Value>,
        timestampExtractor: (any TimestampExtractor)? = nil,
        offsetReset: OffsetReset? = nil,
        named: String? = nil
    ) -> KStream<Key, Value> {
        let upstream = graph.addSource(
            graph.name(named, or: "KSTREAM-SOURCE-"),
            topics: topics,
            isInternal: false,
            key: key,
            value: value,
            extractor: timestampExtractor,
            reset: offsetReset
        )
        return KStream(
            graph: graph,
            upstream: upstream,
            keySerde: key,
            valueSerde: value,
            isRepartitionRequired: false
        )
    }

    /// Reads all topics whose names match a regular expression as one stream; topics that come later are read too (B-01).
    ///
    /// At least one must exist when the application starts. The running application looks for new ones every
    /// `metadataInterval`, and takes them in by a rebalance, in which all its members pause for a moment.
    ///
    /// - Parameters:
    ///   - pattern: a regular expression that a topic's whole name must match, such as `orders-.*`; other sources read none of those.
    ///   - key: how keys are read; a null key needs `.optional(…)`.
    ///   - value: how values are read; a null value needs `.optional(…)`.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - offsetReset: where to begin without a committed offset; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func stream<Key, Value>(
        matching pattern: String,
        key: Serde<Key>,
        value: Serde<Value>,
        timestampExtractor: (any TimestampExtractor)? = nil,
        offsetReset: OffsetReset? = nil,
        named: String? = nil
    ) -> KStream<Key, Value> {
        let upstream = graph.addSource(
            graph.name(named, or: "KSTREAM-SOURCE-"),
            matching: pattern,
            key: key,
            value: value,
            extractor: timestampExtractor,
            reset: offsetReset
        )
        return KStream(
            graph: graph,
            upstream: upstream,
            keySerde: key,
            valueSerde: value,
            isRepartitionRequired: false
        )
    }

    /// Reads a topic as a table: the latest value of each key, null deletes. Records without a key are dropped (S-24).
    ///
    /// - Parameters:
    ///   - topic: the topic; it must exist when the application starts.
    ///   - key: how keys are read.
    ///   - value: how values are read; null is a deletion and needs no `.optional(…)`.
    ///   - materialized: a store to keep the table in; without a name it is kept only where an operator needs it.
    ///   - timestampExtractor: how event times are read; nil takes the application's.
    ///   - offsetReset: where to begin without a committed offset; nil takes the application's.
    ///   - named: the node's name in ``Topology/describe()``.
    @inlinable
    public func table<Key, Value>(
        _ topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        as materialized: Materialized<Key, Value>? = nil,
        timestampExtractor: (any TimestampExtractor)? = nil,
        offsetReset: OffsetReset? = nil,
        named: String? = nil
    ) -> KTable<Key, Value> {
        let storeName = materialized?.name ?? graph.newStoreName("\(topic)-")
        let source = graph.addSource(
            graph.name(named.map { "\($0)-source" }, or: "KSTREAM-SOURCE-"),
            topics: [topic],
            isInternal: false,
            key: Serde<Key?>.optional(key),
            value: Serde<Value?>.optional(value),
            extractor: timestampExtractor,
            reset: offsetReset
        )
        graph.noteTable(source.node, topic: topic)
        return KTable.source(
            graph: graph,
            name: graph.name(named, or: "KTABLE-SOURCE-"),
            upstream: source.unwrappingKey(),
            store: TableStore(
                (materialized ?? Materialized()).definition(name: storeName),
                materialized?.key ?? key,
                materialized?.value ?? value
            ),
            isStored: materialized?.isAsked ?? false
        )
    }

    /// The topology of all that was chained so far; throws ``StreamsError/Code/invalidTopology`` if it cannot work.
    ///
    /// - Parameter optimizations: what may be changed to save topics.
    public func build(optimizing optimizations: TopologyOptimizations = []) throws -> Topology {
        try graph.topology(optimizing: optimizations)
    }
}
