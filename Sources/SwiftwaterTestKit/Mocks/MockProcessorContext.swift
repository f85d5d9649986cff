internal import Logging
public import Swiftwater

/// A processor's context without a topology, for a test of the processor alone: what it forwards and schedules is kept.
///
/// The counterpart of Kafka Streams' `MockProcessorContext`; ``fixedKey`` is that of `MockFixedKeyProcessorContext`. Nothing happens
/// by itself: clocks stand where they are put, and punctuations run when the test calls them.
///
/// ```swift
/// let mock = MockProcessorContext<String, Int64>()
/// let process = try counting(mock.context)
/// try mock.process(Record(key: "a", value: "x", timestamp: 5), by: process)
/// #expect(mock.forwarded.map(\.record) == [Record(key: "a", value: 1, timestamp: 5)])
/// ```
public final class MockProcessorContext<Key, Value> {
    /// A record that the processor forwarded.
    public struct Forward {
        /// The record.
        public var record: Record<Key, Value>
        /// The node that it was forwarded to; nil for all that there are.
        public var child: String?
    }

    private let detached: DetachedContext<Key, Value>
    private let clock: SettableClock

    /// Makes a context that has seen no record yet.
    ///
    /// - Parameters:
    ///   - applicationID: the application's name.
    ///   - task: the task that the processor belongs to.
    ///   - currentSystemTime: what the wall clock shows.
    public init(
        applicationID: String = "test",
        task: TaskID = TaskID(subtopology: 0, partition: 0),
        currentSystemTime: Timestamp = 0
    ) {
        clock = SettableClock(currentSystemTime)
        detached = DetachedContext(
            taskID: task,
            applicationID: applicationID,
            output: CapturedOutput(),
            backend: InMemoryStateBackend(),
            clock: clock,
            logger: Logger(label: "swiftwater.test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    // MARK: What the processor is given

    /// The context to make the processor's function with.
    public var context: ProcessorContext<Key, Value> { detached.context }

    /// The context to make the function of `processValues` with.
    public var fixedKey: FixedKeyProcessorContext<Key, Value> { FixedKeyProcessorContext(detached.context) }

    /// Connects the processor to an empty store; returns it as the processor sees it, to put something into it or look into it.
    @discardableResult
    public func addStateStore<Store>(_ store: StateStore<Store>) throws -> Store {
        detached.add(store)
        return try detached.context.store(store)
    }

    /// Gives the processor an empty global store to read, which also stands for the store of a global table; returns it, to put
    /// something into it.
    @discardableResult
    public func addGlobalStore<Store>(_ store: StateStore<Store>) throws -> Store {
        try detached.addGlobal(store)
    }

    /// Where the current record came from; nil as in a punctuation.
    public var recordMetadata: RecordMetadata? {
        get { detached.recordMetadata }
        set { detached.recordMetadata = newValue }
    }

    /// The highest time of any record so far; -1 before the first.
    public var currentStreamTime: Timestamp {
        get { detached.streamTime }
        set { detached.streamTime = newValue }
    }

    /// What the wall clock shows.
    public var currentSystemTime: Timestamp {
        get { clock.time }
        set { clock.time = newValue }
    }

    /// Has a processor process a record as a task would: stream time is raised first, stores keep the record's time.
    public func process<InKey, InValue>(
        _ record: Record<InKey, InValue>,
        by process: (Record<InKey, InValue>) throws -> Void
    ) throws {
        arrive(at: record.timestamp)
        try process(record)
    }

    /// Has the function of `processValues` process a record as a task would.
    public func process<InValue>(
        _ record: Record<Key, InValue>,
        by process: (FixedKeyRecord<Key, InValue>) throws -> Void
    ) throws {
        arrive(at: record.timestamp)
        try process(FixedKeyRecord(record))
    }

    private func arrive(at time: Timestamp) {
        detached.streamTime = max(detached.streamTime, time)
        detached.timestamp = time
    }

    // MARK: What the processor did

    /// What was forwarded, in order.
    public var forwarded: [Forward] { detached.forwarded.map { Forward(record: $0.record, child: $0.child) } }

    /// What was forwarded to one node downstream by its name.
    public func forwarded(to child: String) -> [Record<Key, Value>] {
        detached.forwarded.filter { $0.child == child }.map(\.record)
    }

    /// Forgets what was forwarded.
    public func resetForwards() {
        detached.forwarded.removeAll()
    }

    /// The punctuations that were scheduled by a clock, in order, also those that were called off.
    public func punctuations(_ type: PunctuationType) -> [MockPunctuation] {
        detached.punctuations(type).map { scheduled in
            MockPunctuation(interval: scheduled.interval, handle: scheduled.handle) { [detached] time in
                let metadata = detached.recordMetadata
                detached.recordMetadata = nil
                defer { detached.recordMetadata = metadata }
                detached.timestamp = time
                try scheduled.punctuate(time)
            }
        }
    }

    /// Whether the processor has asked for a commit.
    public var isCommitRequested: Bool { detached.isCommitRequested }

    /// Forgets that the processor has asked for a commit.
    public func resetCommit() {
        detached.isCommitRequested = false
    }

    /// Ends the task: what the processor wants done when it closes is done, once.
    public func close() {
        detached.close()
    }

    /// How many puts the stores left out, by reason.
    public var droppedRecords: [DropReason: Int] { detached.dropped }
}
