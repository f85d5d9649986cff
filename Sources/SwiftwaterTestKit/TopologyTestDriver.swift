import Dispatch
import Logging
public import Swiftwater

/// Runs a topology without a broker: pipe records in, read what comes out, look into its stores.
///
/// Every topic has one partition, every sub-topology one task. Each record is processed and committed before the next,
/// so that caches hold nothing back (S-110), and what goes to a repartition topic, or to a topic that the topology reads,
/// is processed before `pipe` returns: the record with the lowest timestamp first. Output that nobody read fails
/// ``close(allowingUnreadOutput:)``. The counterpart of Kafka Streams' `TopologyTestDriver`.
///
/// ```swift
/// try withTopologyTestDriver(topology) { driver in
///     let lines = try driver.inputTopic("lines", key: .string, value: .string)
///     let counts = try driver.outputTopic("words-with-counts", key: .string, value: .int64)
///     try lines.pipe("1", "hello hello")
///     #expect(try counts.readKeyValuesToMap() == ["hello": 2])
/// }
/// ```
public final class TopologyTestDriver {
    private let tasks: [StreamTask]
    private let globals: GlobalTables?
    private let backends: [InMemoryStateBackend]
    private let output = CapturedOutput()
    private let clock: SettableClock
    /// By topic: the tasks that read it.
    private let readers: [String: [Int]]
    private let changelogTopics: Set<String>
    let queries: StoreQueries
    let probes: ProbeBoard
    /// The nodes that records come to.
    let probedNodes: Set<String>
    private var nextOffsets: [String: Int64] = [:]
    private var unread: [String: [CapturedRecord]] = [:]
    private var failure: (any Error)?
    private var isClosed = false

    /// The topics that something was written to so far: outputs, repartition topics and changelogs.
    public private(set) var producedTopicNames: Set<String> = []

    /// How many records were written to each topic so far, whether they were read or not.
    package private(set) var producedCounts: [String: Int] = [:]

    /// Starts a topology.
    ///
    /// - Parameters:
    ///   - topology: what to run.
    ///   - applicationID: the prefix of repartition topics and changelogs.
    ///   - initialWallClock: what time it is; it moves by ``advanceWallClock(by:)`` only.
    ///   - isCachingEnabled: false turns the caches of all stores off.
    ///   - deserializationHandler: what happens to records that cannot be read; by default piping them throws.
    ///   - processingHandler: what happens to records for which a function throws; by default piping them throws.
    ///   - productionHandler: what happens to records that cannot be written as bytes; by default piping them throws.
    ///   - deadLetterTopic: where records go that a handler leaves out; it can be read as an output topic.
    ///   - timestampExtractor: how event times are read where a source names no extractor.
    ///   - existingTopics: the topics that sources with a pattern find.
    ///   - maxTaskIdle: how long a task waits, by the driver's wall clock, for an input that is empty; by default it does not.
    ///   - processorWrapper: what runs around every node.
    ///   - metricsRecordingLevel: whether ``storeMetrics`` have times.
    public init(
        _ topology: Topology,
        applicationID: String = "test",
        initialWallClock: Timestamp = 0,
        isCachingEnabled: Bool = true,
        deserializationHandler: any DeserializationExceptionHandler = LogAndFailDeserialization(),
        processingHandler: any ProcessingExceptionHandler = LogAndFailProcessing(),
        productionHandler: any ProductionExceptionHandler = DefaultProductionHandler(),
        deadLetterTopic: String? = nil,
        timestampExtractor: any TimestampExtractor = FailOnInvalidTimestamp(),
        existingTopics: [String] = [],
        maxTaskIdle: Duration = .zero,
        processorWrapper: (any ProcessorWrapper)? = nil,
        metricsRecordingLevel: MetricsRecordingLevel = .info
    ) throws {
        let topology = try topology.matching(existingTopics)
        var settings = TaskSettings(applicationID: applicationID)
        settings.isCachingEnabled = isCachingEnabled
        settings.deserializationHandler = deserializationHandler
        settings.processingHandler = processingHandler
        settings.productionHandler = productionHandler
        settings.deadLetterTopic = deadLetterTopic
        settings.timestampExtractor = timestampExtractor
        settings.maxTaskIdle = maxTaskIdle
        settings.processorWrapper = processorWrapper
        if metricsRecordingLevel == .debug { settings.stopwatch = { DispatchTime.now().uptimeNanoseconds } }
        topology.configuration.apply(to: &settings)
        probes = ProbeBoard(around: settings.processorWrapper)
        settings.processorWrapper = probes
        probedNodes = Set(
            topology.nodes.compactMap { node in
                switch node.kind {
                case .source, .patternSource, .globalSource: nil
                case .processor, .sink, .routingSink: node.name
                }
            })
        // What is emitted depends on the records alone (S-110).
        settings.emitInterval = .zero
        clock = SettableClock(initialWallClock)
        globals = try GlobalTables(topology, settings: settings, output: output, clock: clock)
        var tasks: [StreamTask] = []
        var backends: [InMemoryStateBackend] = []
        var readers: [String: [Int]] = [:]
        var changelogs: Set<String> = []
        for subtopology in topology.subtopologies {
            let backend = InMemoryStateBackend()
            let task = try StreamTask(
                id: TaskID(subtopology: subtopology.id, partition: 0),
                topology: topology,
                settings: settings,
                output: output,
                backend: backend,
                globals: globals?.backend,
                clock: clock,
                logger: Logger(label: "swiftwater.test") { _ in SwiftLogNoOpLogHandler() }
            )
            for queue in task.queues {
                // Nothing is ever still to be fetched: an empty input is waited for by nobody.
                queue.lag = 0
                readers[queue.source.topic, default: []].append(tasks.count)
            }
            for store in subtopology.stores where store.isLogged {
                changelogs.insert(store.changelogTopic(applicationID: applicationID))
            }
            tasks.append(task)
            backends.append(backend)
        }
        for task in tasks { try task.start() }
        self.tasks = tasks
        self.backends = backends
        self.readers = readers
        self.changelogTopics = changelogs
        queries = StoreQueries(topology, applicationID: applicationID)
    }

    // MARK: Time

    /// What the driver's wall clock shows.
    public var wallClock: Timestamp { clock.time }

    /// Moves the wall clock and commits; it never moves by itself.
    public func advanceWallClock(by duration: Duration) throws {
        try checkOpen()
        if duration < .zero {
            throw StreamsError(.invalidConfiguration, "the wall clock cannot go back by \(duration)")
        }
        clock.time = clock.time.advanced(by: duration)
        try guarded {
            for task in tasks {
                try task.punctuateWallClock()
                try commit(task)
            }
            try processAll()
        }
    }

    // MARK: Stores

    /// The names of all stores of the topology, those of global tables too.
    public var storeNames: Set<String> {
        Set(tasks.flatMap { $0.subtopology.stores.map(\.name) } + (globals?.task.definitions.map(\.name) ?? []))
    }

    // MARK: What was left out

    /// How many records were left out so far, by reason.
    public var droppedRecords: [DropReason: Int] {
        let contexts = tasks.map(\.context) + (globals.map { [$0.task.context] } ?? [])
        return contexts.reduce(into: [:]) { sum, context in sum.merge(context.dropped.byReason, uniquingKeysWith: +) }
    }

    // MARK: Metrics

    /// What was done to each store so far, by its name: the counterpart of `TopologyTestDriver.metrics()` for stores.
    ///
    /// Each record is followed by a commit, so each counts a flush; a global table has what its readers did as well.
    public var storeMetrics: [String: StoreMetrics] {
        let all =
            tasks.flatMap { $0.storeMetrics(restarting: false) }
            + (globals.map { $0.task.storeMetrics(restarting: false) } ?? [])
        return Dictionary(all.map { ($0.store, $0.metrics) }) { $0.adding($1) }
    }

    // MARK: End

    /// Ends the test; throws ``StreamsError/Code/invalidState`` if output is left that nobody read.
    ///
    /// Repartition topics, changelogs and topics that the topology reads itself may stay unread.
    public func close(allowingUnreadOutput: Bool = false) throws {
        if isClosed { return }
        isClosed = true
        for task in tasks { task.context.close() }
        globals?.task.context.close()
        if allowingUnreadOutput || failure != nil { return }
        let left = unread.filter { !isRead($0.key) && !changelogTopics.contains($0.key) && !$0.value.isEmpty }
        if left.isEmpty { return }
        let list = left.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count))" }.joined(separator: ", ")
        throw StreamsError(
            .invalidState,
            "output was not read: \(list); read it, or close(allowingUnreadOutput: true)"
        )
    }

    // MARK: For topics and stores

    /// Puts a record at the end of an input topic and processes all that follows from it.
    func pipe(_ record: CapturedRecord) throws {
        try checkOpen()
        try guarded {
            try enqueue(record)
            try processAll()
        }
    }

    func checkInput(_ topic: String) throws {
        if isRead(topic) { return }
        let known = (Array(readers.keys) + (globals?.task.topics ?? [])).sorted().joined(separator: ", ")
        throw StreamsError(
            .missingTopic,
            "the topology does not read this topic; it reads \(known)",
            at: .init(topic: topic)
        )
    }

    func checkOutput(_ topic: String) throws {
        if output.topicNames.contains(topic) { return }
        throw StreamsError(
            .missingTopic,
            "the topology does not write this topic; it writes \(output.topicNames.sorted().joined(separator: ", "))",
            at: .init(topic: topic)
        )
    }

    func unreadCount(of topic: String) -> Int { unread[topic]?.count ?? 0 }

    func nextUnread(of topic: String) -> CapturedRecord? {
        guard let first = unread[topic]?.first else { return nil }
        unread[topic]?.removeFirst()
        return first
    }

    /// The backend that keeps a store.
    func backend(ofStore name: String) throws -> InMemoryStateBackend {
        if let globals, try globalTask(ofStore: name) != nil { return globals.backend }
        for (task, backend) in zip(tasks, backends) where task.subtopology.stores.contains(where: { $0.name == name }) {
            return backend
        }
        throw StreamsError(.unknownStateStore, "no task keeps the store", at: .init(store: name))
    }

    /// The global task, if the store is a global table's.
    func globalTask(ofStore name: String) throws -> GlobalTask? {
        try queries.place(of: name).subtopology == nil ? globals?.task : nil
    }

    /// The task that keeps a store.
    func task(ofStore name: String) throws -> StreamTask {
        let place = try queries.place(of: name)
        guard let task = tasks.first(where: { $0.id.subtopology == place.subtopology }) else {
            throw StreamsError(
                .invalidStateStore, "the store is a global table's: ask for a key-value store", at: .init(store: name))
        }
        return task
    }

    // MARK: Processing

    private func checkOpen() throws {
        if isClosed { throw StreamsError(.invalidState, "the driver is closed") }
        if let failure {
            throw StreamsError(.invalidState, "the topology has failed; make a new driver", cause: failure)
        }
    }

    /// Runs work after whose failure the tasks are in no state to go on; what was written before it can still be read.
    private func guarded(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            failure = error
            for record in output.takeAll() { keep(record) }
            throw error
        }
    }

    private func enqueue(_ record: CapturedRecord) throws {
        let offset = nextOffsets[record.topic, default: 0]
        nextOffsets[record.topic] = offset + 1
        let batch = RecordBatch()
        batch.append(
            offset: offset,
            timestamp: record.timestamp,
            key: record.key,
            value: record.value,
            headers: record.headers
        )
        let partition = TopicPartition(record.topic, 0)
        for index in readers[record.topic] ?? [] { try tasks[index].queue(for: partition)?.add(batch) }
        if let globals, globals.task.topics.contains(record.topic) {
            try globals.task.process(batch, from: partition)
            try globals.task.commit()
        }
    }

    private func isRead(_ topic: String) -> Bool {
        readers[topic] != nil || globals?.task.topics.contains(topic) == true
    }

    private func processAll() throws {
        // A record that cannot be read is skipped when it is added: its dead letter is there before any task processes.
        try collect()
        // Those that wait for an input that is empty, until something else is processed.
        var waiting: Set<TaskID> = []
        while let task = nextTask(besides: waiting) {
            if try task.process(limit: 1) == 0 {
                waiting.insert(task.id)
                continue
            }
            waiting.removeAll()
            try commit(task)
        }
    }

    /// The task with the lowest head timestamp of all inputs.
    private func nextTask(besides waiting: Set<TaskID>) -> StreamTask? {
        var next: (task: StreamTask, timestamp: Timestamp)?
        for task in tasks where !waiting.contains(task.id) {
            for queue in task.queues {
                guard let timestamp = queue.headTimestamp else { continue }
                if let known = next, known.timestamp <= timestamp { continue }
                next = (task, timestamp)
            }
        }
        return next?.task
    }

    private func commit(_ task: StreamTask) throws {
        try task.flush()
        let offsets = task.committableOffsets { _ in nil }.mapValues(\.offset)
        try task.persist(TaskCheckpoint(inputOffsets: offsets))
        try collect()
    }

    private func collect() throws {
        for record in output.takeAll() {
            keep(record)
            if isRead(record.topic) { try enqueue(record) }
        }
    }

    private func keep(_ record: CapturedRecord) {
        producedTopicNames.insert(record.topic)
        producedCounts[record.topic, default: 0] += 1
        unread[record.topic, default: []].append(record)
    }
}
