/// What was done to a store of a task since the task was made; the counterpart of `stream-state-metrics`.
///
/// An application tells it to swift-metrics (<doc:Metrics-reference>), a `TopologyTestDriver` gives it to tests.
public struct StoreMetrics: Sendable, Hashable {
    /// What a suppression, or the buffer of a join with grace, holds back.
    public struct Held: Sendable, Hashable {
        /// How many records.
        public internal(set) var count = 0
        /// Their keys, values and times in bytes, as Kafka Streams counts them.
        public internal(set) var bytes = 0
        /// The most that were held at once since this was last published.
        public internal(set) var largestCount = 0
        /// The most bytes that were held at once since this was last published.
        public internal(set) var largestBytes = 0
    }

    var operations = [OperationCount](repeating: OperationCount(), count: StoreOperation.allCases.count)
    /// Walks over the bytes of the store; how long each took is how long it kept a cursor open.
    public internal(set) var iterators = OperationCount()
    /// Reads of a key that were answered by what was written since the last commit, which is what the record cache is here.
    public internal(set) var cacheHits = 0
    /// Reads of a key that went to the disk, or to what is kept in memory instead.
    public internal(set) var cacheMisses = 0
    /// Nil for stores that hold nothing back.
    public internal(set) var held: Held?
    /// About how many entries a store in memory has (`num-keys`); nil for those on disk.
    public internal(set) var keys: Int?

    package init() {}

    /// How often something was done to the store.
    public subscript(operation: StoreOperation) -> OperationCount { operations[operation.rawValue] }

    /// With what was done to the same store elsewhere, as readers of a global table do.
    package func adding(_ other: StoreMetrics) -> StoreMetrics {
        var sum = self
        for index in operations.indices { sum.operations[index].add(other.operations[index]) }
        sum.iterators.add(other.iterators)
        sum.cacheHits += other.cacheHits
        sum.cacheMisses += other.cacheMisses
        sum.held = held ?? other.held
        sum.keys = keys ?? other.keys
        return sum
    }
}
