/// What a processor of one's own may do: forward records, use stores, be called at times; one for each task (P-05, P-06).
///
/// It belongs to the thread of its task: use it inside the processor and its punctuations only. The counterpart of
/// `ProcessorContext`; there is no `init` or `close`: see ``onClose(_:)``.
public final class ProcessorContext<Key, Value> {
    /// The processor's node.
    public let nodeName: String
    private let context: TaskContext
    private let emit: (Record<Key, Value>, _ child: String?) throws -> Void
    /// Nil for a store that the processor is not connected to.
    private let find: (String) throws -> KeyValueBytesStore?

    /// The context of a node: its records go to the nodes downstream.
    convenience init(
        nodeName: String,
        context: TaskContext,
        outlet: Outlet<Key, Value>,
        stores: [String],
        find: @escaping (String) throws -> KeyValueBytesStore
    ) {
        let stores = Set(stores)
        self.init(nodeName: nodeName, context: context) { record, child in
            if let child { try outlet.forward(record, to: child) } else { try outlet.forward(record) }
        } find: { name in
            stores.contains(name) ? try find(name) : nil
        }
    }

    init(
        nodeName: String,
        context: TaskContext,
        emit: @escaping (Record<Key, Value>, _ child: String?) throws -> Void,
        find: @escaping (String) throws -> KeyValueBytesStore?
    ) {
        self.nodeName = nodeName
        self.context = context
        self.emit = emit
        self.find = find
    }

    /// Hands a record to all nodes downstream, which have processed it when this returns.
    public func forward(_ record: Record<Key, Value>) throws {
        try check(record.timestamp)
        try emit(record, nil)
    }

    /// Hands a record to one node downstream; a name that is none of them is an error.
    public func forward(_ record: Record<Key, Value>, to child: String) throws {
        try check(record.timestamp)
        try emit(record, child)
    }

    /// A store that the processor is connected to.
    public func store<Store>(_ store: StateStore<Store>) throws -> Store {
        guard let bytes = try find(store.name) else {
            throw StreamsError(
                .invalidStateStore,
                "the processor is not connected to the store: name it where the processor is added",
                at: context.place(node: nodeName, store: store.name)
            )
        }
        return try store.open(bytes, context)
    }

    /// Has a function called every interval of a clock, until it is cancelled.
    ///
    /// By stream time it is first called with the first record, then at multiples of the interval (S-44); after a gap once (S-45).
    /// The function gets the clock's time, and there is no current record in it (S-47).
    @discardableResult
    public func schedule(
        every interval: Duration,
        _ type: PunctuationType,
        _ punctuate: @escaping (Timestamp) throws -> Void
    ) throws -> Cancellable {
        if context.isGlobal {
            throw StreamsError(
                .invalidTopology, "the processor of a global store has no clock: schedule in a stream's processor",
                at: context.place(node: nodeName))
        }
        let interval = interval.milliseconds
        guard interval >= 1 else {
            throw StreamsError(
                .invalidConfiguration, "a punctuation needs an interval of a millisecond at least",
                at: context.place(node: nodeName))
        }
        switch type {
        case .streamTime:
            return context.streamTimePunctuations.add(first: 0, interval: interval, node: nodeName, punctuate)
        case .wallClockTime:
            let first = context.clock.now().rawValue + interval
            return context.wallClockPunctuations.add(first: first, interval: interval, node: nodeName, punctuate)
        }
    }

    /// Has something done when the task closes: after its last commit, or without one when it ends by an error or is taken away.
    ///
    /// The place to close what the processor opened for itself: a file, a client. It is called once, on the task's thread, before the
    /// stores close; what was registered last is called first. An abort under exactly-once closes all tasks and makes their processors
    /// anew. The counterpart of `Processor.close`.
    public func onClose(_ close: @escaping () -> Void) {
        context.onClose(close)
    }

    /// Asks for a commit soon after the current record.
    public func requestCommit() {
        context.isCommitRequested = true
    }

    /// Where the current record came from; nil in a punctuation.
    public var recordMetadata: RecordMetadata? { context.recordMetadata }

    /// The task, such as `0_3`.
    public var taskID: String { context.taskID.description }

    /// The application's name.
    public var applicationID: String { context.settings.applicationID }

    /// The highest time of any record that the task has taken; -1 before the first.
    public var currentStreamTime: Timestamp { context.streamTime }

    /// What the wall clock shows.
    public var currentSystemTime: Timestamp { context.clock.now() }

    private func check(_ timestamp: Timestamp) throws {
        if timestamp < 0 {
            throw StreamsError(
                .invalidTimestamp, "a record cannot be forwarded with the time \(timestamp)",
                at: context.place(node: nodeName))
        }
    }
}
