extension Transaction {
    /// InitProducerId.
    ///
    /// - Parameters:
    ///   - expected: who the client thinks it is, if it does; then only the owner gets a new epoch.
    ///   - newProducerID: asked if the epochs of the present one are used up.
    func initialise(
        timeout: Int32, expected: Producer?, now: Int64, newProducerID: () throws(BrokerError) -> Int64
    ) throws(BrokerError) -> TransactionDecision {
        if let expected, !isOwner(expected) { return .answer(.producerFenced) }
        switch state {
        case .prepareCommit, .prepareAbort: return .answer(.concurrentTransactions)
        case .ongoing:
            // Kafka lets anyone with the right producer id end it here; a zombie could so shut out the owner.
            if let expected, expected != producer { return .answer(.producerFenced) }
            return .finish(abortedOverhead(now: now))
        case .empty, .completeCommit, .completeAbort: break
        }
        var next = self
        next.timeout = timeout
        next.state = .empty
        next.startedAt = -1
        next.updatedAt = now
        if producer.epoch >= Self.lastEpoch, expected.map({ $0.epoch == producer.epoch }) ?? true {
            next.producer = Producer(id: try newProducerID(), epoch: 0)
            next.predecessor = expected == nil ? Producer(id: -1, epoch: Self.noEpoch) : producer
            return .change(next)
        }
        if let expected, producer.epoch != Self.noEpoch, expected.epoch != producer.epoch {
            // It did not get the answer that gave it the present epoch; or it was shut out since.
            return .answer(expected.epoch == predecessor.epoch ? .none : .producerFenced)
        }
        next.predecessor = expected == nil ? Producer(id: -1, epoch: Self.noEpoch) : producer
        next.producer.epoch += 1
        return .change(next)
    }

    private func isOwner(_ claimed: Producer) -> Bool {
        producer.epoch == Self.noEpoch || claimed.id == producer.id
            || (claimed.id == predecessor.id && claimed.epoch >= Self.lastEpoch)
    }

    /// AddPartitionsToTxn and AddOffsetsToTxn.
    func add(
        _ partitions: Set<Partition> = [], groups: Set<String> = [], by sender: Producer, now: Int64
    ) -> TransactionDecision {
        if let error = refusal(of: sender) { return .answer(error) }
        switch state {
        case .prepareCommit, .prepareAbort: return .answer(.concurrentTransactions)
        case .ongoing where partitions.isSubset(of: self.partitions) && groups.isSubset(of: self.groups):
            return .answer(.none)
        case .empty, .ongoing, .completeCommit, .completeAbort: break
        }
        var next = self
        if state != .ongoing {
            next.state = .ongoing
            next.startedAt = now
        }
        next.partitions.formUnion(partitions)
        next.groups.formUnion(groups)
        next.updatedAt = now
        return .change(next)
    }

    /// EndTxn. A repeated one is answered as the first was.
    func end(committing: Bool, by sender: Producer, now: Int64) -> TransactionDecision {
        if let error = refusal(of: sender) { return .answer(error) }
        switch state {
        case .ongoing:
            var next = self
            next.state = committing ? .prepareCommit : .prepareAbort
            next.updatedAt = now
            return .finish(next)
        case .prepareCommit, .prepareAbort:
            return .answer(isCommitting == committing ? .concurrentTransactions : .invalidTransactionState)
        case .completeCommit: return .answer(committing ? .none : .invalidTransactionState)
        case .completeAbort: return .answer(committing ? .invalidTransactionState : .none)
        case .empty: return .answer(.invalidTransactionState)
        }
    }

    /// Whether offsets for the group may be staged.
    func admitOffsets(of group: String, by sender: Producer) -> ErrorCode {
        if let error = refusal(of: sender) { return error == .producerFenced ? .invalidProducerEpoch : error }
        if state.isPrepared { return .concurrentTransactions }
        return state == .ongoing && groups.contains(group) ? .none : .invalidTransactionState
    }

    /// A deadline has passed, perhaps.
    func tick(now: Int64, _ configuration: TransactionConfiguration) -> TransactionDecision {
        guard let deadline = deadline(configuration), deadline <= now else { return .answer(.none) }
        return state == .ongoing ? .finish(abortedOverhead(now: now)) : .forget
    }

    /// Every marker of the prepared transaction is written.
    func completed(now: Int64) -> Transaction {
        var next = self
        next.state = isCommitting ? .completeCommit : .completeAbort
        next.partitions = []
        next.groups = []
        next.startedAt = -1
        next.updatedAt = now
        return next
    }

    private func refusal(of sender: Producer) -> ErrorCode? {
        if sender.id != producer.id { return .invalidProducerIDMapping }
        return sender.epoch == producer.epoch ? nil : .producerFenced
    }

    private func abortedOverhead(now: Int64) -> Transaction {
        var next = self
        next.state = .prepareAbort
        next.producer.epoch += 1
        next.predecessor = Producer(id: -1, epoch: Self.noEpoch)
        next.updatedAt = now
        return next
    }
}
