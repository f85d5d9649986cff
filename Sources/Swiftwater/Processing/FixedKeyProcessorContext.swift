/// What a processor that leaves keys as they are may do; the counterpart of `FixedKeyProcessorContext`.
public final class FixedKeyProcessorContext<Key, Value> {
    private let context: ProcessorContext<Key, Value>

    package init(_ context: ProcessorContext<Key, Value>) {
        self.context = context
    }

    /// Hands a record to all nodes downstream; it has the key of a record that came in.
    public func forward(_ record: FixedKeyRecord<Key, Value>) throws {
        try context.forward(record.record)
    }

    /// A store that the processor is connected to.
    public func store<Store>(_ store: StateStore<Store>) throws -> Store {
        try context.store(store)
    }

    /// A global store, or the store of a global table, to be read; see ``ProcessorContext/globalStore(_:)``.
    public func globalStore<View>(_ store: QueryableStore<View>) throws -> View {
        try context.globalStore(store)
    }

    /// Has a function called every interval of a clock, until it is cancelled; it cannot forward, as it has no record's key.
    @discardableResult
    public func schedule(
        every interval: Duration,
        _ type: PunctuationType,
        _ punctuate: @escaping (Timestamp) throws -> Void
    ) throws -> Cancellable {
        try context.schedule(every: interval, type, punctuate)
    }

    /// Has something done when the task closes, see ``ProcessorContext/onClose(_:)``.
    public func onClose(_ close: @escaping () -> Void) { context.onClose(close) }

    /// Asks for a commit soon after the current record.
    public func requestCommit() { context.requestCommit() }

    /// Where the current record came from; nil in a punctuation.
    public var recordMetadata: RecordMetadata? { context.recordMetadata }

    /// The task, such as `0_3`.
    public var taskID: String { context.taskID }

    /// The application's name.
    public var applicationID: String { context.applicationID }

    /// The highest time of any record that the task has taken; -1 before the first.
    public var currentStreamTime: Timestamp { context.currentStreamTime }

    /// What the wall clock shows.
    public var currentSystemTime: Timestamp { context.currentSystemTime }
}
