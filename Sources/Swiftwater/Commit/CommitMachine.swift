/// The order of a commit: what is to be done next. The stream thread does it against Kafka and LMDB, the simulation against models.
///
/// Everything that makes a crash boring is in this order (Design/Runtime.md): nothing is committed before every report is in, and
/// no store is written before the commit has succeeded.
///
/// # Contract
/// - The owner does `step` and says `finished` when it has succeeded, and not before; until then it may do it again.
/// - Between the first step and the end no task of the commit processes anything (S-99).
/// - A failure that is no "again" ends the commit: the owner drops the machine and closes its tasks dirty. After
///   `mayBeCommitted` it is not known which way it went; opening the tasks anew finds out.
package struct CommitMachine: Equatable, Sendable {
    package enum Step: Hashable, Sendable {
        /// Every task in topology order: caches go downstream, changes to the changelogs.
        case flush
        /// Every record that was sent is acknowledged.
        case deliver
        /// Exactly-once: the offsets go into the transaction, with the metadata of this generation, at least one of every task.
        case sendOffsets
        /// Exactly-once: the transaction ends.
        case endTransaction
        /// At-least-once: the offsets go to the group.
        case commitOffsets
        /// The stores of one task of the commit, in one transaction of their own.
        case persist(task: Int)
        case done
    }

    package private(set) var step = Step.flush
    private let isTransactional: Bool
    private let taskCount: Int

    package init(isTransactional: Bool, tasks: Int) {
        self.isTransactional = isTransactional
        taskCount = tasks
    }

    /// The step was done.
    package mutating func finished() {
        switch step {
        case .flush: step = .deliver
        case .deliver: step = isTransactional ? .sendOffsets : .commitOffsets
        case .sendOffsets: step = .endTransaction
        case .endTransaction, .commitOffsets: step = taskCount > 0 ? .persist(task: 0) : .done
        case .persist(let task): step = task + 1 < taskCount ? .persist(task: task + 1) : .done
        case .done: break
        }
    }

    /// Whether Kafka may hold the commit, although the stores do not yet.
    package var mayBeCommitted: Bool {
        switch step {
        case .flush, .deliver, .sendOffsets: false
        case .endTransaction, .commitOffsets, .persist, .done: true
        }
    }
}
