/// What a processor of one's own may do: forward records, use stores, be called at times; one for each task (P-05, P-06).
///
/// It belongs to the thread of its task: use it inside the processor and its punctuations only. The counterpart of
/// `ProcessorContext`; there is no `init` or `close`: see ``onClose(_:)``.
public final class ProcessorContext<Key, Value> {
    /// The processor's node.
    public let nodeName: String
    private let context: TaskContext
    private let emit: (Record<Key, Value>, _ child: String?) throws -> Void
    private let stores: ProcessorStores

    /// The context of a node: its records go to the nodes downstream.
    convenience init(nodeName: String, context: TaskContext, outlet: Outlet<Key, Value>, stores: ProcessorStores) {
        self.init(nodeName: nodeName, context: context, stores: stores) { record, child in
            if let child { try outlet.forward(record, to: child) } else { try outlet.forward(record) }
        }
    }

    init(
        nodeName: String,
        context: TaskContext,
        stores: ProcessorStores,
        emit: @escaping (Record<Key, Value>, _ child: String?) throws -> Void
    ) {
        self.nodeName = nodeName
        self.context = context
        self.stores = stores
        self.emit = emit
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
    ///
    /// - Throws: ``StreamsError`` `invalidStateStore` if it is not connected to it.
    public func store<Store>(_ store: StateStore<Store>) throws -> Store {
        guard let bytes = try stores.connected(store.name) else {
            throw StreamsError(
                .invalidStateStore,
                "the processor is not connected to the store: name it where the processor is added, or read a global store with globalStore(_:)",
                at: context.place(node: nodeName, store: store.name)
            )
        }
        return try store.open(bytes, context)
    }

    /// A global store, or the store of a global table, to be read: every processor may, without being connected to it.
    ///
    /// It shows what the application's global thread has committed. While one record is processed it does not change, and it never
    /// goes back; reading takes no lock. In the processor of a global store it shows what the processors of global stores have
    /// written so far, committed or not. The counterpart of `ProcessorContext.getStateStore` with the name of a global store.
    ///
    /// ```swift
    /// stream.process { (context: ProcessorContext<String, Double>) in
    ///     let rates = try context.globalStore(.keyValue("rates", key: .string, value: .double))
    ///     return { record in
    ///         let rate = try rates.value(of: record.value.currency) ?? 1
    ///         try context.forward(record.with(value: record.value.amount * rate))
    ///     }
    /// }
    /// ```
    ///
    /// - Parameter store: its name with the types that it is read as, which are the caller's word; its kind is checked.
    /// - Throws: ``StreamsError``: `unknownStateStore` if no global store has the name, `invalidStateStore` if it is of another kind, or
    ///   in the processor of a read-only store.
    public func globalStore<View>(_ store: QueryableStore<View>) throws -> View {
        guard let bytes = try stores.global(store.name) else {
            throw StreamsError(
                .unknownStateStore,
                "the topology has no global store of this name: a store of the tasks is opened with store(_:)",
                at: context.place(node: nodeName, store: store.name)
            )
        }
        try store.check(bytes.definition)
        return store.view(bytes, applicationID)
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
