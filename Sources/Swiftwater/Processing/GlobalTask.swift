package import Logging

/// The global tables of a topology at work: one a process, fed with every partition of their topics.
///
/// The owner reads the topics without a group, from where `checkpoint` of the backend says; processes until it has reached the
/// ends it saw at the start, and only then lets stream tasks run (S-79); and goes on from there. Each `commit` makes what was
/// read visible to the stream tasks.
package final class GlobalTask {
    package let context: TaskContext
    /// The topics to read, all partitions of each.
    package let topics: [String]
    /// The stores, by their index in the backend.
    package let definitions: [StoreDefinition]
    /// The stores that each topic fills.
    private let filled: [String: [Int]]
    private let backend: any StateBackend
    private let stores: [KeyValueBytesStore]
    private let inputs: [TaskAssembly.Input]
    private var queues: [TopicPartition: PartitionQueue] = [:]
    /// Whether anything was read since the last commit.
    package private(set) var needsCommit = false

    package init(
        topology: Topology,
        settings: TaskSettings,
        output: any RecordOutput,
        backend: any StateBackend,
        clock: any WallClock,
        logger: Logger
    ) throws {
        self.backend = backend
        topics = topology.globalParts.flatMap(\.externalTopics)
        definitions = topology.globalStores
        var filled: [String: [Int]] = [:]
        for part in topology.globalParts {
            let indices = definitions.indices.filter { index in
                part.stores.contains { $0.name == topology.globalStores[index].name }
            }
            for topic in part.externalTopics { filled[topic] = indices }
        }
        self.filled = filled
        var logger = logger
        logger[metadataKey: "task"] = "global"
        let id = TaskID(subtopology: topology.globalParts.first?.id ?? 0, partition: 0)
        context = TaskContext(
            taskID: id, output: output, clock: clock, settings: settings, logger: logger, isGlobal: true)
        stores = definitions.enumerated().map { index, definition in
            KeyValueBytesStore(
                definition: definition, index: index, backend: backend, meter: StoreMeter(settings.stopwatch))
        }
        let byName = Dictionary(stores.map { ($0.definition.name, $0) }) { first, _ in first }
        let assembly = TaskAssembly(context: context, stores: byName, aliases: topology.aliases)
        for node in topology.globalParts.flatMap(\.nodes) { try node.assemble(assembly) }
        inputs = assembly.inputs
        context.failures.current = { [weak self, weak context] in
            guard let self, let context else { return nil }
            return self.queues[TopicPartition(context.topic, context.partition)]?.head
        }
        try context.start()
    }

    /// The stores that the records of a topic go to, by their index in the backend.
    package func stores(filledFrom topic: String) -> [Int] { filled[topic] ?? [] }

    /// Bytes of changes that wait for the next commit.
    package var bufferedBytes: Int { stores.reduce(0) { $0 + $1.buffer.byteCount } }

    /// Takes records of one partition into the tables.
    package func process(_ batch: RecordBatch, from source: TopicPartition) throws {
        guard let queue = queue(for: source) else {
            throw StreamsError(
                .internal,
                "no global table reads this topic",
                at: .init(topic: source.topic, partition: source.partition)
            )
        }
        needsCommit = true
        try queue.add(batch)
        while queue.headTimestamp != nil { try queue.processHead() }
    }

    /// Writes what was read since the last commit, with how far that is.
    package func commit() throws {
        for store in stores { store.meter.measure(.flush) { store.prepareCommit() } }
        var checkpoint = try backend.checkpoint()
        for (source, queue) in queues { checkpoint.inputOffsets[source] = queue.consumedOffset }
        try backend.commit(stores.filter { !$0.buffer.isEmpty }.map { $0.changes() }, checkpoint: checkpoint)
        for store in stores { store.clear() }
        needsCommit = false
    }

    /// Records of a topic that were there at the start are in the stores that it fills.
    package func restored(_ records: Int, from topic: String) {
        for store in stores(filledFrom: topic) { stores[store].meter.count(.restore, times: records) }
    }

    /// What was done to each store since the task was made, by name; see `StreamTask.storeMetrics`.
    package func storeMetrics(restarting: Bool) -> [(store: String, metrics: StoreMetrics)] {
        stores.map { ($0.definition.name, $0.metrics(restarting: restarting)) }
    }

    /// A view of a global table, for reading it from outside; the types are the caller's word.
    package func keyValueStore<Key, Value>(
        named name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> KeyValueStore<Key, Value> {
        guard let bytes = stores.first(where: { $0.definition.name == name }) else {
            throw StreamsError(.unknownStateStore, "there is no global table of this name", at: .init(store: name))
        }
        return KeyValueStore(bytes, keySerde: key, valueSerde: value, context: context)
    }

    private func queue(for source: TopicPartition) -> PartitionQueue? {
        if let known = queues[source] { return known }
        guard let input = inputs.first(where: { $0.topic == source.topic }) else { return nil }
        let queue = input.queue(source.partition)
        queues[source] = queue
        return queue
    }
}
