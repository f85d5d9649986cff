package import Logging

/// Fills a store from the topic that is its changelog, as processing filled it: for tables that reuse their source topic, and for
/// read-only stores (S-94).
///
/// It runs the source and the one node behind it that keeps the store, alone. So records go through the deserialisation handler, the
/// timestamp extractor and a processor of one's own exactly as they did when they were processed. What the node forwards goes
/// nowhere, and dead letters are not written again.
///
/// # Contract
/// - Records come in the order of the topic, from where the store's last commit stands on to the group's committed offset, not further:
///   what is behind it is processed, and its effects downstream would be missing.
/// - `changes` are committed before `clear`.
package final class SourceReplay {
    private let context: TaskContext
    private let store: KeyValueBytesStore
    private let queue: PartitionQueue

    /// - Parameter index: of the store in the sub-topology and the backend.
    package init(
        _ id: TaskID,
        store index: Int,
        topology: Topology,
        settings: TaskSettings,
        backend: any StateBackend,
        clock: any WallClock,
        logger: Logger
    ) throws {
        let subtopology = try topology.subtopology(id.subtopology)
        let definition = subtopology.stores[index]
        var settings = settings
        settings.deadLetterTopic = nil
        context = TaskContext(
            taskID: id, output: NoOutput(), clock: clock, settings: settings, logger: logger)
        store = KeyValueBytesStore(definition: definition, index: index, backend: backend)
        let assembly = TaskAssembly(
            context: context, stores: [definition.name: store], aliases: topology.aliases)
        guard let keeper = subtopology.nodes.first(where: { $0.name == definition.sourceNode }),
            let parent = keeper.parents.first,
            let source = subtopology.nodes.first(where: { $0.name == topology.aliases[parent] ?? parent })
        else {
            throw StreamsError(
                .internal, "no node fills the store from its source topic",
                at: .init(task: id.description, store: definition.name, topic: definition.sourceTopic))
        }
        try source.assemble(assembly)
        try keeper.assemble(assembly)
        guard let input = assembly.inputs.first(where: { $0.topic == definition.sourceTopic }) else {
            throw StreamsError(
                .internal, "the store's source does not read its topic",
                at: .init(task: id.description, store: definition.name, topic: definition.sourceTopic))
        }
        let queue = input.queue(id.partition)
        self.queue = queue
        context.failures.current = { [weak queue] in queue?.head }
        try context.start()
    }

    /// Takes records.
    package func process(_ batch: RecordBatch) throws {
        try queue.add(batch)
        while queue.headTimestamp != nil { try queue.processHead() }
    }

    /// What the records taken so far change.
    package var changes: StoreChanges {
        store.prepareCommit()
        return store.changes()
    }

    package func clear() {
        store.clear()
    }

    /// Lets a processor let go of what it holds.
    package func close() {
        context.close()
    }
}

/// For tasks of which nothing may come.
final class NoOutput: RecordOutput {
    func topic(named name: String) -> OutputTopic {
        OutputTopic(name: name, partitionCount: 1)
    }

    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) {}
}
