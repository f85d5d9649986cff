package import Logging

/// One partition of one sub-topology at work: its input queues, its nodes, its stores.
///
/// The owner (a stream thread, or the test driver) feeds batches, calls `process`, and at a commit goes through three
/// steps, between which it makes the outputs durable (Design/Runtime.md):
///
/// 1. `flush()`: caches forward downstream in topology order and every store sends its changes to its changelog;
/// 2. the owner waits for all deliveries and commits `committableOffsets`;
/// 3. `persist`: the stores' changes go to the state backend in one transaction.
///
/// No record may be processed between 1 and 3 (S-99): `process` refuses.
package final class StreamTask {
    package let id: TaskID
    package let subtopology: Subtopology
    package let context: TaskContext
    package let queues: [PartitionQueue]
    private let backend: any StateBackend
    private let stores: [KeyValueBytesStore]
    private let flushers: [() throws -> Void]
    /// By store; nil for those without a changelog.
    private let changelogs: [ChangelogWriter?]
    private let globalMeters: [String: StoreMeter]
    @exclusivity(unchecked) private var isStarted = false
    @exclusivity(unchecked) private var isFlushed = false
    /// Whether anything was processed, or an offset moved, since the last commit.
    @exclusivity(unchecked) package private(set) var needsCommit = false

    /// - Parameter globals: the global stores, by their index in the topology; nil if the task reads none. Only the task's thread calls
    ///   it, while the global task writes on another: it shows what that has committed, moves on by itself between turns of the
    ///   thread, and never shows an earlier commit after a later one.
    package init(
        id: TaskID,
        topology: Topology,
        settings: TaskSettings,
        output: any RecordOutput,
        backend: any StateBackend,
        globals: (any StateReading)? = nil,
        clock: any WallClock,
        logger: Logger
    ) throws {
        self.id = id
        let subtopology = try topology.subtopology(id.subtopology)
        self.subtopology = subtopology
        self.backend = backend
        var logger = logger
        logger[metadataKey: "task"] = "\(id)"
        let context = TaskContext(taskID: id, output: output, clock: clock, settings: settings, logger: logger)
        self.context = context
        let stores = subtopology.stores.enumerated().map { index, definition in
            KeyValueBytesStore(
                definition: definition, index: index, backend: backend, meter: StoreMeter(settings.stopwatch))
        }
        self.stores = stores
        let byName = Dictionary(stores.map { ($0.definition.name, $0) }) { first, _ in first }
        let assembly = TaskAssembly(
            context: context,
            stores: byName,
            aliases: topology.aliases,
            matchedTopics: topology.matchedTopics,
            globals: (topology.globalStores, globals)
        )
        for node in subtopology.nodes { try node.assemble(assembly) }
        self.queues = assembly.inputs.map { $0.queue(id.partition) }
        self.flushers = stores.compactMap { assembly.cacheFlushers[$0.definition.name] }
        self.globalMeters = assembly.globalMeters
        self.changelogs = try stores.map { store in
            guard store.definition.isLogged else { return nil }
            let name = store.definition.changelogTopic(applicationID: settings.applicationID)
            return ChangelogWriter(store: store, topic: try output.topic(named: name), context: context)
        }
        context.failures.current = { [weak self, weak context] in
            guard let self, let context else { return nil }
            let source = TopicPartition(context.topic, context.partition)
            return self.queue(for: source)?.head
        }
        try context.failures.prepare()
    }

    // MARK: Input

    /// The partitions that the task reads.
    package var inputs: [TopicPartition] { queues.map(\.source) }

    package func queue(for partition: TopicPartition) -> PartitionQueue? {
        queues.first { $0.source == partition }
    }

    /// Records queued over all inputs.
    package var queuedRecords: Int { queues.reduce(0) { $0 + $1.count } }

    // MARK: Processing

    /// Makes the processors of the user, which may read their stores: to be called when these are restored. Otherwise the first
    /// record or punctuation does it.
    package func start() throws {
        if isStarted { return }
        isStarted = true
        try context.start()
    }

    /// Processes up to `limit` records, the lowest head timestamp first (S-02); returns how many.
    ///
    /// Fewer than `limit` means that an input is empty and the task waits for it, or that all are.
    package func process(limit: Int) throws -> Int {
        if isFlushed { throw StreamsError(.internal, "processing between flush and persist", at: context.place()) }
        if !isStarted { try start() }
        var processed = 0
        defer { if processed > 0 { needsCommit = true } }
        if queues.count == 1 {
            let queue = queues[0]
            while processed < limit, queue.headTimestamp != nil {
                try queue.processHead()
                if context.streamTimePunctuations.nextTime <= context.streamTime.rawValue { try punctuateStreamTime() }
                processed += 1
            }
            return processed
        }
        while processed < limit, isReady(), let queue = lowestHead() {
            try queue.processHead()
            if context.streamTimePunctuations.nextTime <= context.streamTime.rawValue { try punctuateStreamTime() }
            processed += 1
        }
        return processed
    }

    private func punctuateStreamTime() throws {
        _ = try context.streamTimePunctuations.punctuate(at: context.streamTime, in: context)
    }

    /// Calls the punctuations that are due by the wall clock; the owner calls it from time to time, and commits if it says so.
    @discardableResult
    package func punctuateWallClock() throws -> Bool {
        if !isStarted { try start() }
        let now = context.clock.now()
        guard context.wallClockPunctuations.nextTime <= now.rawValue else { return false }
        if isFlushed { throw StreamsError(.internal, "punctuating between flush and persist", at: context.place()) }
        let isAny = try context.wallClockPunctuations.punctuate(at: now, in: context)
        if isAny { needsCommit = true }
        return isAny
    }

    private func lowestHead() -> PartitionQueue? {
        var lowest: PartitionQueue?
        var lowestTimestamp = Timestamp(rawValue: .max)
        for queue in queues {
            if let timestamp = queue.headTimestamp, lowest == nil || timestamp < lowestTimestamp {
                lowest = queue
                lowestTimestamp = timestamp
            }
        }
        return lowest
    }

    /// Whether every empty input is known to have nothing to fetch, for long enough (S-03, S-04).
    private func isReady() -> Bool {
        let idle = context.settings.maxTaskIdle
        if idle < .zero { return true }
        var ready = true
        for queue in queues where queue.headTimestamp == nil {
            guard queue.lag == 0 else {
                queue.idleSince = nil
                ready = false
                continue
            }
            if idle == .zero { continue }
            let now = context.clock.now()
            let since = queue.idleSince ?? now
            queue.idleSince = since
            if Duration.milliseconds(now.rawValue - since.rawValue) < idle { ready = false }
        }
        return ready
    }

    // MARK: Commit

    /// Bytes of changes that wait for the next commit.
    package var bufferedBytes: Int { stores.reduce(0) { $0 + $1.buffer.byteCount } }

    /// Whether a processor has asked for a commit, and there is something to commit.
    package var isCommitRequested: Bool { needsCommit && context.isCommitRequested }

    /// Sends everything that is held back: cached changes downstream, every change to its changelog.
    package func flush() throws {
        for flush in flushers { try flush() }
        for (store, changelog) in zip(stores, changelogs) {
            try store.meter.measure(.flush) {
                store.prepareCommit()
                try changelog?.writeChanges()
            }
        }
        isFlushed = true
    }

    /// The offsets to commit for the inputs, by what was processed; `position` is the consumer's (S-09).
    package func committableOffsets(
        position: (TopicPartition) -> Int64?
    ) -> [TopicPartition: CommittableOffset] {
        var offsets: [TopicPartition: CommittableOffset] = [:]
        for queue in queues {
            guard let offset = queue.committableOffset(position: position(queue.source)) else { continue }
            offsets[queue.source] = CommittableOffset(
                offset: offset,
                partitionTime: queue.partitionTime,
                progress: context.progress
            )
        }
        return offsets
    }

    /// Writes the stores' changes to the backend, after all they depend on is durable in Kafka.
    package func persist(_ checkpoint: TaskCheckpoint) throws {
        let changes = stores.filter { !$0.buffer.isEmpty }.map { $0.changes() }
        if !stores.isEmpty { try backend.commit(changes, checkpoint: checkpoint) }
        for store in stores { store.clear() }
        isFlushed = false
        needsCommit = false
        context.isCommitRequested = false
    }

    // MARK: Metrics

    /// What was done since the task was made to each of its stores, and to the global tables that it reads, by name (ST-10).
    ///
    /// - Parameter restarting: whether the longest times and largest sizes are those since the last call that says so.
    package func storeMetrics(restarting: Bool) -> [(store: String, metrics: StoreMetrics)] {
        stores.map { ($0.definition.name, $0.metrics(restarting: restarting)) }
            + globalMeters.map { ($0.key, $0.value.metrics(restarting: restarting)) }
    }

    /// Records were written back into a store, by its index.
    package func restored(_ records: Int, in store: Int) { stores[store].meter.count(.restore, times: records) }

    /// The store of a name, for reading it from outside.
    func store(named name: String) -> KeyValueBytesStore? {
        stores.first { $0.definition.name == name }
    }
}
