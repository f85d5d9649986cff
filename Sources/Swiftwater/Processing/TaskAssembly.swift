/// Builds the running nodes of one task from their definitions, parents first.
@usableFromInline
final class TaskAssembly {
    @usableFromInline let context: TaskContext
    private var outlets: [String: AnyObject] = [:]
    private(set) var queues: [PartitionQueue] = []
    private let stores: [String: KeyValueBytesStore]
    private(set) var cacheFlushers: [String: () throws -> Void] = [:]

    private let aliases: [String: String]

    init(context: TaskContext, stores: [String: KeyValueBytesStore], aliases: [String: String]) {
        self.aliases = aliases
        self.context = context
        self.stores = stores
    }

    /// The outlet of a node; the first call makes it, and all name the same types.
    @usableFromInline
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

    /// Reads the task's partition of a topic.
    @usableFromInline
    func addQueue(
        _ topic: String,
        node: String,
        extractor: (any TimestampExtractor)?,
        reader: (SourceSite) -> SourceReader
    ) {
        let source = TopicPartition(topic, context.taskID.partition)
        let site = SourceSite(
            source: source, node: node, extractor: extractor ?? context.settings.timestampExtractor, context: context)
        queues.append(PartitionQueue(source: source, context: context, reader: reader(site)))
    }

    /// What emits the changes that a cached store holds back; called at commit, in topology order (S-37).
    @usableFromInline
    func onFlush(of store: StoreDefinition, _ flush: @escaping () throws -> Void) {
        cacheFlushers[store.name] = flush
    }

    /// A store of the task with its types, and what emits its changes.
    @usableFromInline
    func keyValueStore<Key, Value>(
        _ definition: StoreDefinition,
        key: Serde<Key>,
        value: Serde<Value>,
        outlet: Outlet<Key, Change<Value>>
    ) throws -> (TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>) {
        let store = TimestampedKeyValueStore(
            try store(named: definition.name),
            keySerde: key,
            valueSerde: value,
            applicationID: context.settings.applicationID
        )
        let changes = StoredChanges(
            store: store,
            outlet: outlet,
            isCached: definition.isCached && context.settings.isCachingEnabled,
            sendsOldValues: false
        )
        return (store, changes)
    }

    @usableFromInline
    func store(named name: String) throws -> KeyValueBytesStore {
        guard let store = stores[name] else {
            throw StreamsError(.invalidStateStore, "the task has no such store", at: .init(store: name))
        }
        return store
    }
}
