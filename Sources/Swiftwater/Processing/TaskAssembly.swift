/// Builds the running nodes of one task from their definitions, parents first.
final class TaskAssembly {
    let context: TaskContext
    private var outlets: [String: AnyObject] = [:]
    private(set) var queues: [PartitionQueue] = []
    private let stores: [String: KeyValueBytesStore]
    private(set) var cacheFlushers: [String: any CacheFlusher] = [:]

    private let aliases: [String: String]

    init(context: TaskContext, stores: [String: KeyValueBytesStore], aliases: [String: String]) {
        self.aliases = aliases
        self.context = context
        self.stores = stores
    }

    /// The outlet of a node; the first call makes it, and all name the same types.
    func outlet<Key, Value>(of node: String) throws -> Outlet<Key, Value> {
        let node = aliases[node] ?? node
        guard let known = outlets[node] else {
            let outlet = Outlet<Key, Value>(context: context)
            outlets[node] = outlet
            return outlet
        }
        guard let outlet = known as? Outlet<Key, Value> else {
            throw StreamsError(
                .invalidTopology,
                "the node emits \(type(of: known)), a child takes \(Key.self), \(Value.self): is a topic read twice with different types?",
                at: .init(node: node)
            )
        }
        return outlet
    }

    func add(_ queue: PartitionQueue) {
        queues.append(queue)
    }

    /// What flushes the cache of a store: the node that emits its changes.
    func setCacheFlusher(_ flusher: any CacheFlusher, of store: String) {
        cacheFlushers[store] = flusher
    }

    func store(named name: String) throws -> KeyValueBytesStore {
        guard let store = stores[name] else {
            throw StreamsError(.invalidStateStore, "the task has no such store", at: .init(store: name))
        }
        return store
    }
}

/// Emits what a cached store holds back; called at commit, in topology order (S-37).
protocol CacheFlusher: AnyObject {
    func flushCache() throws
}
