internal import Logging
internal import RDKafka
internal import Swiftwater

typealias InputPartition = Swiftwater.TopicPartition
typealias KafkaPartition = RDKafka.TopicPartition

/// One OS thread with a consumer, a producer and its tasks; one member of the group.
///
/// A turn of its loop is: process what is queued, poll, answer what the group says, open tasks, commit when it is time. Nothing
/// of it leaves the thread but its restorer's hands. Where to look: joining and rebalances in `StreamThread+Group.swift`, opening
/// and closing tasks in `+Tasks`, records in `+Records`, the commit in `+Commit`.
final class StreamThread {
    let context: ThreadContext
    let plan: TopologyPlan
    let configuration: StreamsConfiguration
    let logger: Logger
    let consumer: Consumer
    let producer: ThreadProducer
    let output: KafkaRecordOutput
    let restorer: Restorer
    let clock = ContinuousClock()
    let wallClock = SystemClock()
    let metrics: ThreadMetrics
    /// Nil while the global tables are not loaded, or if there are none.
    private(set) var globals: GlobalTableView?

    /// All that are open: running, suspended or with the restorer.
    var tasks: [TaskID: RunningTask] = [:]
    var membership = Membership.outside
    var agreement: PeerAgreement
    /// The member's identity in this generation, taken when its tasks were assigned; nil between generations.
    var groupMetadata: GroupMetadata?
    var fence = Fence()
    /// Given by the group and not open yet.
    var unopened: Set<TaskID> = []
    /// Tasks whose outputs are flushed and whose offsets are not committed yet; they process nothing meanwhile.
    var flushed: [RunningTask] = []
    /// How far their commit has come; nil outside of one.
    var commitSteps: CommitMachine?
    /// How many records a task processes before the thread looks at its consumer again.
    var stride = Stride()
    var nextCommit: ContinuousClock.Instant
    var nextPurge: ContinuousClock.Instant
    /// What may be deleted of repartition topics: their committed offsets.
    var purgeable: [KafkaPartition: Int64] = [:]

    /// By the consumer's partition number.
    @exclusivity(unchecked) var routes: [Route?] = []
    @exclusivity(unchecked) var incoming: [RecordBatch] = []
    @exclusivity(unchecked) var touched: [Int] = []
    private var reportedState: StreamsState?
    private var freezes: Int
    private let absence: BrokerAbsence

    /// Where the thread stands with its group.
    enum Membership {
        case outside
        /// Subscribed; no partitions are given yet.
        case joining
        /// Partitions are given, the plans of the other members are not known yet.
        case verifying(since: ContinuousClock.Instant)
        /// All members follow the same plan.
        case agreed
    }

    /// Where records of a partition go.
    struct Route {
        var task: RunningTask
        var queue: PartitionQueue
    }

    init(_ context: ThreadContext) throws {
        self.context = context
        plan = context.plan
        configuration = context.configuration
        var logger = context.logger
        logger[metadataKey: "thread"] = "\(context.clientID.thread)"
        self.logger = logger
        do throws(KafkaError) {
            consumer = try Consumer(configuration.consumer(context.clientID, logger), batchSize: 2000)
            let properties = configuration.producer(context.clientID, logger)
            producer = try ThreadProducer(
                isTransactional: configuration.processingGuarantee == .exactlyOnce
            ) { () throws(KafkaError) in try Producer(properties) }
        } catch {
            throw StreamsError(.invalidConfiguration, "librdkafka refuses a setting", cause: error)
        }
        let changelogs = Set(plan.internalTopics.filter { $0.kind == .changelog }.map(\.name))
        output = KafkaRecordOutput(producer, changelogs: changelogs, timeout: configuration.requestTimeout)
        let waker = consumer.waker
        restorer = Restorer(
            configuration.restorer(context.clientID, logger),
            timeout: configuration.requestTimeout,
            pause: context.pause,
            logger: logger,
            wake: { waker.wake() }
        )
        agreement = PeerAgreement(own: context.clientID.planHash)
        metrics = ThreadMetrics(
            applicationID: plan.applicationID, thread: context.clientID.thread, factory: context.metrics)
        nextCommit = clock.now + configuration.commitInterval
        nextPurge = clock.now + configuration.repartitionPurgeInterval
        absence = BrokerAbsence(logger)
        freezes = context.pulse.freezes
        context.setWaker(waker)
        output.whileWaiting = { [unowned self] in keepPlace() }
        output.judge = { [unowned self] in try judge($0) }
    }

    /// Runs until it is told to stop, or something ends it.
    func run() throws {
        defer { context.setWaker(nil) }
        do {
            awaitGlobalTables()
            try join()
            while !context.shouldStop {
                do {
                    try turn()
                } catch {
                    try recover(from: error)
                }
            }
        } catch {
            logger.error("stream thread ends", metadata: ["error": "\(error)"])
            do { try closeDirty("the thread ends") } catch { logger.warning("\(error)") }
            closeClients()
            throw error
        }
        try stop()
    }

    /// Global tables are whole before a task starts (S-79).
    private func awaitGlobalTables() {
        guard let tables = context.globals else { return }
        while !context.shouldStop {
            globals = tables.view()
            if globals != nil { return }
            keepPlace(.milliseconds(20))
        }
    }

    /// Goes on after errors that cost no more than what was not committed; throws the others.
    func recover(from error: any Error) throws {
        guard let error = error as? StreamsError, let cause = error.cause as? KafkaError else { throw error }
        if cause.code == .fenced || cause.code == .invalidProducerEpoch || cause.code == .producerFenced {
            if !isFencingExplained {
                try fence.noticed(at: clock.now, session: configuration.sessionTimeout, cause: cause)
            }
            return try revive("the transactional id was taken over: \(cause)")
        }
        let isGivenUp = cause.code == .messageTimedOut || cause.code == .timedOut
        // What librdkafka says to a record that comes when its transaction has failed already.
        let isAfterFailure = cause.code == .wrongState && error.code == .production && producer.isTransactional
        guard isAfterFailure || cause.requiresAbort || cause.isFatal && error.code == .production || isGivenUp else {
            throw error
        }
        try revive("\(error)")
        keepPlace(.milliseconds(100))
    }

    /// The broker itself ends a transaction that is open for too long, and shuts its producer out: of a process that stood still, and
    /// of one that could not reach the broker for so long.
    private var isFencingExplained: Bool {
        if context.pulse.freezes != freezes { return true }
        return producer.lastBegin.map { $0.duration(to: clock.now) >= configuration.transactionTimeout } ?? false
    }

    private func turn() throws {
        try noticeFreeze()
        let processed = try process()
        globals?.rest()
        let wait: Duration =
            processed > 0 || hasWork ? .zero : min(.milliseconds(100), max(.zero, clock.now.duration(to: nextCommit)))
        try poll(wait)
        try answerEvents()
        try verifyPeers()
        try openTasks()
        try takeRestored()
        try commitIfDue()
        purgeIfDue()
        report()
    }

    /// A process that stood still for a session time-out (a stopped process, a sleeping machine) lost its tasks and does not know yet.
    /// Nothing fences its changelog records, so it must not send any (Design/Runtime.md).
    func noticeFreeze() throws {
        let count = context.pulse.freezes
        guard count != freezes else { return }
        freezes = count
        try revive("the process stood still for longer than a session")
    }

    /// Throws away what was processed since the last commit and opens the tasks anew.
    func revive(_ reason: String) throws {
        let ids = Set(tasks.keys).union(unopened)
        try closeDirty(reason)
        // Between generations nothing is owned.
        if case .joining = membership { return }
        try giveBackInputs()
        unopened = ids
        if case .agreed = membership { membership = .verifying(since: clock.now) }
    }

    /// Does what needs a broker; if none answers just now, says so from time to time, and the next turn tries again.
    /// - Returns: whether it was done.
    func attempt(_ what: String, _ body: () throws -> Void) throws -> Bool {
        if try absence.attempt(what, body) { return true }
        keepPlace(.milliseconds(100))
        return false
    }

    /// How long one question to Kafka may hold the thread.
    var patience: Duration { min(configuration.requestTimeout, configuration.maximumPollInterval / 6) }

    /// Tells the application where the thread stands, when that changes.
    func report(_ state: StreamsState? = nil) {
        let current: StreamsState
        if let state {
            current = state
        } else if case .agreed = membership, unopened.isEmpty, tasks.values.allSatisfy({ $0.phase == .running }) {
            current = .running
        } else {
            current = .rebalancing
        }
        guard current != reportedState else { return }
        reportedState = current
        context.tell(.state(current))
    }

    /// Finishes what was read, commits, leaves the group.
    private func stop() throws {
        report(.stopping)
        let limit = configuration.shutdownTimeout / 2
        var failure: (any Error)?
        do {
            let outcome = try commit(limit: limit)
            if outcome != .done {
                logger.warning("the last commit was \(outcome): its records will be processed again")
                try output.abandon()
            }
        } catch {
            failure = error
        }
        closeTasks(tasks.values.map(\.id))
        closeClients()
        if let failure { throw failure }
    }

    private func closeClients() {
        restorer.stop()
        let limit = configuration.shutdownTimeout / 4
        if !consumer.close(limit: limit) {
            logger.warning("the group was not left in order; it will notice at the session time-out")
        }
        producer.close(limit: limit)
    }
}
