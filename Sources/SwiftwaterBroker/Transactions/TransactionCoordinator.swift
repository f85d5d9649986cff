// The shell around the transactional ids: it owns the time and the log, writes the markers, and decides nothing.
//
// A request becomes an event of a `Transaction`; what that decides is written before it counts. A transaction that is prepared is driven
// at once: a marker into each partition, the end into each group, then Complete into the log; and the client is answered only then, so
// that it meets no CONCURRENT_TRANSACTIONS in its next transaction. What fails is tried again by the timer. A start does the same with
// every transaction that it finds prepared.
//
// Who may write within a transaction is known where it is written: a partition's log and a group admit a producer when they join its
// transaction, and stop with its end. The check is made under the same lock as the write, so nothing can slip in behind a marker.

import Glibc
import Logging

package actor TransactionCoordinator {
    /// What takes part in transactions.
    struct Surroundings: Sendable {
        /// nil if there is none (any more).
        var partition: @Sendable (Transaction.Partition) -> Partition?
        var allPartitions: @Sendable () -> [(Transaction.Partition, Partition)]
        var newProducerID: @Sendable () throws(BrokerError) -> Int64
        /// Milliseconds since 1970.
        var now: @Sendable () -> Int64 = TransactionCoordinator.wallClock
        var passed: @Sendable (TransactionStep) -> Void = { $0.pass() }

        init(topics: TopicRegistry, newProducerID: @escaping @Sendable () throws(BrokerError) -> Int64) {
            partition = { topics.partition($0.topic, $0.index) }
            allPartitions = {
                topics.all.flatMap { topic in
                    topic.partitions.enumerated().map { index, partition in
                        (Transaction.Partition(topic: topic.name, index: Int32(index)), partition)
                    }
                }
            }
            self.newProducerID = newProducerID
        }
    }

    /// What of a prepared transaction is still to be told of its end.
    struct Remainder {
        var partitions: [Transaction.Partition]
        var groups: [String]
        var isDriven = false
        var nextAttempt: Int64 = 0
    }

    let configuration: TransactionConfiguration
    let surroundings: Surroundings
    let groups: GroupCoordinator
    let logger: Logger
    var transactions: [String: Transaction] = [:]
    var remainders: [String: Remainder] = [:]
    /// Ids of which a group is being told something.
    var busy: Set<String> = []
    private let log: StateLog<TransactionLogRecord>
    private var alarm: (time: Int64, task: Task<Void, Never>)?
    private var isShutDown = false

    init(
        directory: String, configuration: TransactionConfiguration = TransactionConfiguration(), fsync: Bool = false,
        logger: Logger, groups: GroupCoordinator, surroundings: Surroundings
    ) throws(StateLogError) {
        var transactions: [String: Transaction] = [:]
        let (log, cut) = try StateLog<TransactionLogRecord>.open(in: directory, isSynchronous: fsync) { record in
            record.apply(to: &transactions)
        }
        if cut > 0 {
            logger.warning("transaction log: cut a torn end", metadata: ["path": "\(log.path)", "bytes": "\(cut)"])
        }
        self.configuration = configuration
        self.surroundings = surroundings
        self.groups = groups
        self.logger = logger
        self.transactions = transactions
        self.log = log
    }

    func shutdown() {
        isShutDown = true
        alarm?.task.cancel()
        alarm = nil
    }

    // MARK: - Decisions

    /// Does what an id has decided.
    ///
    /// - Returns: the error for the client. A transaction whose end is decided has none, even if not everyone knows of it yet.
    func perform(_ decision: TransactionDecision, on id: String) async -> ErrorCode {
        if case .answer(let error) = decision { return error }
        if busy.contains(id) { return .concurrentTransactions }
        switch decision {
        case .answer(let error): return error
        case .change(let next): return adopt(next) ? .none : .coordinatorNotAvailable
        case .finish(let next):
            guard adopt(next) else { return .coordinatorNotAvailable }
            surroundings.passed(.prepared)
            await drive(id)
            return .none
        case .forget:
            guard record(.forgotten(id)) else { return .coordinatorNotAvailable }
            transactions[id] = nil
            return .none
        }
    }

    func adopt(_ next: Transaction) -> Bool {
        guard record(.standing(next)) else { return false }
        transactions[next.id] = next
        if let deadline = next.deadline(configuration) { setAlarm(deadline) }
        return true
    }

    private func record(_ record: TransactionLogRecord) -> Bool {
        do {
            try log.append(record)
        } catch {
            logger.error("transaction state not written", metadata: ["error": "\(error)"])
            return false
        }
        if log.wantsCompaction {
            var standing = transactions
            record.apply(to: &standing)
            do {
                try log.compact(to: standing.values.map { .standing($0) })
            } catch {
                logger.error("transaction log not compacted", metadata: ["error": "\(error)"])
            }
        }
        return true
    }

    // MARK: - Time

    private func setAlarm(_ time: Int64) {
        guard !isShutDown else { return }
        if let alarm, alarm.time <= time { return }
        alarm?.task.cancel()
        let wait = Duration.milliseconds(max(0, time - surroundings.now()))
        let task = Task { [weak self] in
            guard (try? await Task.sleep(for: wait)) != nil else { return }
            await self?.wake()
        }
        alarm = (time, task)
    }

    /// Acts on every deadline that has passed. Too early does no harm.
    func wake() async {
        alarm = nil
        let now = surroundings.now()
        for id in transactions.keys where !busy.contains(id) {
            if let transaction = transactions[id], !transaction.state.isPrepared {
                _ = await perform(transaction.tick(now: now, configuration), on: id)
            } else if let remainder = remainders[id], !remainder.isDriven, remainder.nextAttempt <= now {
                await drive(id)
            }
        }
        let deadlines = transactions.values.compactMap { $0.deadline(configuration) }
        let attempts = remainders.values.filter { !$0.isDriven }.map(\.nextAttempt)
        guard let next = (deadlines + attempts).min() else { return }
        // What has passed was busy, or could not be written.
        setAlarm(next > now ? next : now + configuration.retryDelay)
    }

    func retry(_ id: String) {
        let time = surroundings.now() + configuration.retryDelay
        remainders[id]?.nextAttempt = time
        setAlarm(time)
    }

    static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
