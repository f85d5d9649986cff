internal import RDKafka
internal import Swiftwater

/// A store that is to be restored, and from what.
struct RestoredStore {
    /// Its index in the task.
    var store: Int
    var definition: StoreDefinition
    /// The changelog's, or that of the topic that serves as one.
    var partition: KafkaPartition
    /// The offset up to which a source topic counts, which is the group's; nil for a changelog, which counts whole.
    var limit: Int64?
    var replay: StoreReplay
}
