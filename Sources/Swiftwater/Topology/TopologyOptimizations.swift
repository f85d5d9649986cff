/// What `StreamsBuilder.build(optimizing:)` may change about a topology to save topics; nothing by default (S-91).
///
/// Changing it for an application that has run changes its internal topics: reset the application first, as with Kafka Streams'
/// `topology.optimization`.
public struct TopologyOptimizations: OptionSet, Sendable, Hashable {
    /// The bits.
    public var rawValue: Int

    /// Creates a set of its bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Tables read by `table` have no changelog: their topic is it (TP-02).
    public static let reuseSourceTopics = TopologyOptimizations(rawValue: 1)
    /// Operators that follow one stream and repartition it share one topic (TP-03).
    public static let mergeRepartitionTopics = TopologyOptimizations(rawValue: 2)
    /// An inner join of a stream with itself keeps one store instead of two (TP-04).
    public static let singleStoreSelfJoin = TopologyOptimizations(rawValue: 4)
    /// All of them.
    public static let all: TopologyOptimizations = [.reuseSourceTopics, .mergeRepartitionTopics, .singleStoreSelfJoin]
}
