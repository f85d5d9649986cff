package import Logging

/// The context of a processor that stands alone: what it forwards, schedules and asks for is kept, for a test to look at (TT-04).
package final class DetachedContext<Key, Value> {
    /// What the processor did, which its context and this share.
    private final class Traces {
        var forwarded: [(record: Record<Key, Value>, child: String?)] = []
        var stores: [String: KeyValueBytesStore] = [:]
        var globalStores: [String: KeyValueBytesStore] = [:]
    }

    package let context: ProcessorContext<Key, Value>
    private let task: TaskContext
    private let backend: any StateBackend
    private let traces: Traces

    package init(
        taskID: TaskID,
        applicationID: String,
        output: any RecordOutput,
        backend: any StateBackend,
        clock: any WallClock,
        logger: Logger
    ) {
        let traces = Traces()
        let settings = TaskSettings(applicationID: applicationID)
        task = TaskContext(taskID: taskID, output: output, clock: clock, settings: settings, logger: logger)
        let stores = ProcessorStores { name in
            traces.stores[name]
        } global: { name in
            traces.globalStores[name]
        }
        context = ProcessorContext(nodeName: "processor", context: task, stores: stores) { record, child in
            traces.forwarded.append((record, child))
        }
        self.backend = backend
        self.traces = traces
    }

    package var forwarded: [(record: Record<Key, Value>, child: String?)] {
        get { traces.forwarded }
        set { traces.forwarded = newValue }
    }

    /// Connects the processor to a store.
    package func add<Store>(_ store: StateStore<Store>) {
        traces.stores[store.name] = bytes(of: store.definition)
    }

    /// Gives the processor a global store to read; returns it as one who fills it sees it.
    package func addGlobal<Store>(_ store: StateStore<Store>) throws -> Store {
        let bytes = bytes(of: store.definition)
        traces.globalStores[store.name] = bytes
        return try store.open(bytes, task)
    }

    private func bytes(of store: StoreDefinition) -> KeyValueBytesStore {
        KeyValueBytesStore(
            definition: store, index: traces.stores.count + traces.globalStores.count, backend: backend)
    }

    /// The punctuations of a clock, in the order in which they were scheduled.
    package func punctuations(
        _ type: PunctuationType
    ) -> [(interval: Duration, handle: Cancellable, punctuate: (Timestamp) throws -> Void)] {
        let all = type == .streamTime ? task.streamTimePunctuations : task.wallClockPunctuations
        return all.scheduled.map { (.milliseconds($0.interval), $0.handle, $0.punctuate) }
    }

    package var isCommitRequested: Bool {
        get { task.isCommitRequested }
        set { task.isCommitRequested = newValue }
    }

    package var streamTime: Timestamp {
        get { task.streamTime }
        set { task.streamTime = newValue }
    }

    /// The time of the current record or punctuation, which is that of what is put into stores.
    package var timestamp: Timestamp {
        get { task.timestamp }
        set { task.timestamp = newValue }
    }

    package var recordMetadata: RecordMetadata? {
        get { task.recordMetadata }
        set {
            task.topic = newValue?.topic ?? ""
            task.partition = newValue?.partition ?? -1
            task.offset = newValue?.offset ?? -1
        }
    }

    /// Has done what the processor wants done when its task closes.
    package func close() {
        task.close()
    }

    /// How many records the stores left out because they came too late.
    package var dropped: [DropReason: Int] { task.dropped.byReason }
}
