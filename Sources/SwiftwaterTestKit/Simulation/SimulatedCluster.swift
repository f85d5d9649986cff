import Swiftwater

/// What members see of Kafka: partition logs, transactions with fencing, one consumer group and its offsets.
final class SimulatedCluster {
    enum Refusal: Error {
        /// Another has registered the transactional id, or the transaction was open for too long.
        case fenced
        /// Not a member of this generation.
        case illegalGeneration
    }

    private struct Transaction {
        var epoch = 0
        var partitions: Set<TopicPartition> = []
        var offsets: [TopicPartition: CommittableOffset] = [:]
        var isOpen = false
    }

    let partitionCount: Int32
    var group: SimulatedGroup
    var random: SimulationRandom
    private(set) var logs: [TopicPartition: SimulatedLog] = [:]
    private(set) var committed: [TopicPartition: CommittableOffset] = [:]
    private var transactions: [String: Transaction] = [:]

    init(partitionCount: Int32, tasks: [TaskID], random: SimulationRandom) {
        self.partitionCount = partitionCount
        self.group = SimulatedGroup(tasks: tasks)
        self.random = random
    }

    // MARK: Records

    func log(_ partition: TopicPartition) -> SimulatedLog { logs[partition] ?? SimulatedLog() }

    /// Appends a record, to the transaction of the id if there is one; returns its offset.
    func produce(_ record: CapturedRecord, to partition: TopicPartition, by identity: (id: String, epoch: Int)?)
        throws(Refusal)
        -> Int64
    {
        guard let identity else { return logs[partition, default: SimulatedLog()].append(record, transaction: nil) }
        try require(identity.id, identity.epoch)
        transactions[identity.id]?.isOpen = true
        transactions[identity.id]?.partitions.insert(partition)
        return logs[partition, default: SimulatedLog()].append(record, transaction: identity.id)
    }

    // MARK: Transactions

    /// Ends what a former holder left open and shuts it out; returns the new epoch.
    func register(_ id: String) -> Int {
        end(id, commit: false)
        transactions[id, default: Transaction()].epoch += 1
        return transactions[id]?.epoch ?? 0
    }

    /// A transaction that is open for too long is aborted, and its producer shut out.
    func timeOutTransaction(using random: inout SimulationRandom) {
        guard let id = transactions.filter({ $0.value.isOpen }).keys.sorted().randomElement(using: &random) else {
            return
        }
        _ = register(id)
    }

    /// Puts offsets into a transaction. Without a generation nothing is checked, as in Kafka.
    func sendOffsets(
        _ offsets: [TopicPartition: CommittableOffset], id: String, epoch: Int, member: String, generation: Int
    ) throws(Refusal) {
        if offsets.isEmpty { return }
        try require(id, epoch)
        guard generation < 0 || group.accepts(member, generation: generation) else { throw .illegalGeneration }
        transactions[id]?.isOpen = true
        transactions[id]?.offsets.merge(offsets) { _, new in new }
    }

    /// Ends a transaction; the same end again is no error.
    func endTransaction(_ id: String, epoch: Int, commit: Bool) throws(Refusal) {
        try require(id, epoch)
        end(id, commit: commit)
    }

    /// What a transaction without offsets amounts to: nobody asks who commits them.
    func commitUnfenced(_ offsets: [TopicPartition: CommittableOffset], id: String, epoch: Int) throws(Refusal) {
        try require(id, epoch)
        committed.merge(offsets) { _, new in new }
    }

    private func require(_ id: String, _ epoch: Int) throws(Refusal) {
        guard transactions[id]?.epoch == epoch else { throw .fenced }
    }

    private func end(_ id: String, commit: Bool) {
        guard let transaction = transactions[id], transaction.isOpen else { return }
        for partition in transaction.partitions { logs[partition]?.endTransaction(id, commit: commit) }
        if commit { committed.merge(transaction.offsets) { _, new in new } }
        transactions[id] = Transaction(epoch: transaction.epoch)
    }

    // MARK: Offsets

    /// At-least-once: offsets to the group.
    func commit(_ offsets: [TopicPartition: CommittableOffset], member: String, generation: Int) throws(Refusal) {
        guard group.accepts(member, generation: generation) else { throw .illegalGeneration }
        committed.merge(offsets) { _, new in new }
    }

    /// The group's offsets; nil while a transaction is open that may change one of them.
    func stableOffsets(of partitions: [TopicPartition]) -> [TopicPartition: CommittableOffset]? {
        let isPending = transactions.values.contains { transaction in
            transaction.isOpen && partitions.contains { transaction.offsets[$0] != nil }
        }
        return isPending ? nil : committed.filter { partitions.contains($0.key) }
    }
}
