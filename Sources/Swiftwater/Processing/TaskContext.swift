package import Logging

/// What the nodes of one task share: the record that is being processed, the task's time and the ports.
@usableFromInline
package final class TaskContext {
    @usableFromInline package let taskID: TaskID
    @usableFromInline package let output: any RecordOutput
    package let clock: any WallClock
    @usableFromInline package let settings: TaskSettings
    package let dropped: DroppedRecords
    /// Whether it is that of global stores, which no clock drives.
    let isGlobal: Bool
    package let logger: Logger
    /// Asks the handlers about what fails.
    package private(set) lazy var failures = TaskFailures(context: self)

    /// The topic that the current record came from; empty while no record is processed.
    var topic = ""
    var partition: Int32 = -1
    /// The offset of the current record; -1 while no record is processed.
    var offset: Int64 = -1
    /// The event time of the current record, or the time of the current punctuation.
    var timestamp: Timestamp = .unknown
    /// The highest timestamp of any record taken for processing (S-01).
    package internal(set) var streamTime: Timestamp = .unknown

    /// How far the final results of each store were emitted; committed with the offsets (S-62).
    package var progress: [String: Int64] = [:]

    let streamTimePunctuations = Punctuations()
    let wallClockPunctuations = Punctuations()
    /// Whether a processor has asked for a commit since the last one.
    package internal(set) var isCommitRequested = false

    /// What processors do before the first record, when the stores are restored.
    private var starters: [() throws -> Void] = []
    /// What processors want done when the task closes.
    private var closers: [() -> Void] = []

    /// A function of the user's that is made when the task starts.
    func atStart<Function>(_ node: String, _ make: @escaping () throws -> Function) -> StartedFunction<Function> {
        let function = StartedFunction<Function>(place: place(node: node))
        starters.append { try function.start(make) }
        return function
    }

    /// Makes what waits for the stores, in topology order; once.
    package func start() throws {
        let waiting = starters
        starters = []
        for start in waiting { try start() }
    }

    func onClose(_ closer: @escaping () -> Void) { closers.append(closer) }

    /// Lets processors let go of what they hold, the last one first; what was done is not done again.
    package func close() {
        while let closer = closers.popLast() { closer() }
    }

    /// What several nodes of the task share; the first that asks makes it.
    private var sharedObjects: [String: AnyObject] = [:]

    func shared<Object: AnyObject>(_ name: String, _ make: () throws -> Object) rethrows -> Object {
        if let known = sharedObjects[name] as? Object { return known }
        let object = try make()
        sharedObjects[name] = object
        return object
    }

    init(
        taskID: TaskID,
        output: any RecordOutput,
        clock: any WallClock,
        settings: TaskSettings,
        logger: Logger,
        isGlobal: Bool = false
    ) {
        self.taskID = taskID
        self.output = output
        self.clock = clock
        self.settings = settings
        self.logger = logger
        self.isGlobal = isGlobal
        self.dropped = DroppedRecords(clock: clock, logger: logger)
    }

    /// Where the record that is being processed came from; nil between records.
    @usableFromInline package var recordMetadata: RecordMetadata? {
        offset < 0 ? nil : RecordMetadata(topic: topic, partition: partition, offset: offset)
    }

    @usableFromInline
    func place(node: String? = nil, store: String? = nil) -> StreamsError.Place {
        StreamsError.Place(
            task: taskID.description,
            node: node,
            store: store,
            topic: offset < 0 ? nil : topic,
            partition: offset < 0 ? nil : partition,
            offset: offset < 0 ? nil : offset
        )
    }

    @usableFromInline
    func drop(_ reason: DropReason, node: String, cause: (any Error)? = nil) {
        dropped.add(reason, node: node, record: recordMetadata, cause: cause)
    }
}
