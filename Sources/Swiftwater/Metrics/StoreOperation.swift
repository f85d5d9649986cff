/// What is done to a store, as Kafka Streams' `stream-state-metrics` tell it apart.
///
/// There is no `put-all`, since no store has such a method.
public enum StoreOperation: Int, Sendable, Hashable, CaseIterable {
    /// An entry, a window, a session or a version is written, or something is put into a buffer.
    case put
    /// An entry is written if its key has none.
    case putIfAbsent
    /// The value of a key is read, or one of its versions.
    case get
    /// A key or a version is deleted by name.
    case delete
    /// All entries are walked over.
    case all
    /// The entries between two keys are walked over, or the versions of a key between two times.
    case range
    /// The entries whose keys begin alike are walked over.
    case prefixScan
    /// Windows or sessions are read: of one key or of all.
    case fetch
    /// A session is removed, or an entry leaves a buffer.
    case remove
    /// A commit writes what has changed to the changelog.
    case flush
    /// A record of the changelog, or of the topic the store is filled from, is written back into it.
    case restore

    /// The name in Kafka Streams' metrics, such as `put-if-absent`.
    public var name: String {
        switch self {
        case .put: "put"
        case .putIfAbsent: "put-if-absent"
        case .get: "get"
        case .delete: "delete"
        case .all: "all"
        case .range: "range"
        case .prefixScan: "prefix-scan"
        case .fetch: "fetch"
        case .remove: "remove"
        case .flush: "flush"
        case .restore: "restore"
        }
    }
}
