/// Builds the running nodes of one task from their definitions, parents first.
@usableFromInline
final class TaskAssembly {
    @usableFromInline let context: TaskContext
    private var outlets: [String: AnyObject] = [:]
    private(set) var inputs: [Input] = []
    private let stores: [String: KeyValueBytesStore]
    private(set) var cacheFlushers: [String: () throws -> Void] = [:]

    /// The topics of sources with patterns, by node.
    let matchedTopics: [String: [String]]
    private let aliases: [String: String]
    private let globals: (stores: [StoreDefinition], view: (any StateReading)?)
    /// What the task's operators read of global tables, by store.
    private(set) var globalMeters: [String: StoreMeter] = [:]

    /// A topic that the task reads.
    struct Input {
        let topic: String
        let queue: (_ partition: Int32) -> PartitionQueue
    }

    init(
        context: TaskContext,
        stores: [String: KeyValueBytesStore],
        aliases: [String: String],
        matchedTopics: [String: [String]] = [:],
        globals: (stores: [StoreDefinition], view: (any StateReading)?) = ([], nil)
    ) {
        self.aliases = aliases
        self.matchedTopics = matchedTopics
        self.globals = globals
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

    /// The outlet of a node that has been made, if it is of these types.
    func knownOutlet<Key, Value>(of node: String) -> Outlet<Key, Value>? {
        outlets[aliases[node] ?? node] as? Outlet<Key, Value>
    }

    /// Reads a topic: the task's partition, or all of them in a global task.
    @usableFromInline
    func addQueue(
        _ topic: String,
        node: String,
        extractor: (any TimestampExtractor)?,
        reader: @escaping (SourceSite) -> SourceReader
    ) {
        let extractor = extractor ?? context.settings.timestampExtractor
        let input = Input(topic: topic) { [context] partition in
            let source = TopicPartition(topic, partition)
            let site = SourceSite(source: source, node: node, extractor: extractor, context: context)
            return PartitionQueue(source: source, context: context, reader: reader(site))
        }
        inputs.append(input)
    }

    /// What an operator sees of a global table.
    @usableFromInline
    func globalTable<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> GlobalTableReader<Key, Value> {
        guard let index = globals.stores.firstIndex(where: { $0.name == name }) else { throw withoutGlobals(name) }
        return GlobalTableReader(
            try globalView(for: name), globals.stores[index], index: index, meter: globalMeter(of: name), key: key,
            value: value)
    }

    /// What a processor sees of a global store, whether or not it is connected to anything; nil if none has the name.
    ///
    /// Beside the processor that fills it, it is the store as that has left it; elsewhere what the global task has committed.
    func globalStore(named name: String) throws -> KeyValueBytesStore? {
        if context.isGlobal { return stores[name] }
        guard let index = globals.stores.firstIndex(where: { $0.name == name }) else { return nil }
        return KeyValueBytesStore(
            definition: globals.stores[index], index: index, backend: try globalView(for: name),
            meter: globalMeter(of: name), isOthers: true)
    }

    private func globalMeter(of store: String) -> StoreMeter {
        let meter = globalMeters[store] ?? StoreMeter(context.settings.stopwatch)
        globalMeters[store] = meter
        return meter
    }

    private func globalView(for store: String) throws -> any StateReading {
        guard let view = globals.view else { throw withoutGlobals(store) }
        return view
    }

    private func withoutGlobals(_ store: String) -> StreamsError {
        StreamsError(
            .internal, "the task was made without the global stores",
            at: .init(task: context.taskID.description, store: store))
    }

    /// What emits the changes that a cached store holds back; called at commit, in topology order (S-37).
    @usableFromInline
    func onFlush(of store: StoreDefinition, _ flush: @escaping () throws -> Void) {
        cacheFlushers[store.name] = flush
    }

    /// Whether downstream sees the last change of a key per commit only.
    @usableFromInline
    func isCached(_ store: StoreDefinition) -> Bool {
        store.isCached && context.settings.isCachingEnabled
    }

    @usableFromInline
    func store(named name: String) throws -> KeyValueBytesStore {
        guard let store = stores[name] else {
            throw StreamsError(.invalidStateStore, "the task has no such store", at: .init(store: name))
        }
        return store
    }
}
