import Logging

extension GroupCoordinator {
    /// From now on, until the transaction's end, the producer may stage offsets for the group.
    func beginTransaction(of producer: Transaction.Producer, in group: String) {
        admitted[producer.id, default: [:]][group] = producer.epoch
    }

    /// TxnOffsetCommit, of a producer whose transaction the group takes part in.
    func stage(_ request: TransactionOffsetCommitRequest) async -> TransactionOffsetCommitResponse {
        let offered = await offer(request.topics)
        // From here on nothing is awaited: what is admitted is written before the transaction can end here.
        var error = admission(of: request)
        if error == .none, !offered.entries.isEmpty {
            let record = OffsetLogRecord.stage(
                group: request.groupID, producerID: request.producer.id, entries: offered.entries)
            error = write(record, to: request.groupID) { offsets in
                for entry in offered.entries {
                    offsets.stage(
                        entry.offset, topic: entry.topic, partition: entry.partition, producerID: request.producer.id)
                }
            }
        }
        return TransactionOffsetCommitResponse(topics: offered.results(error))
    }

    private func admission(of request: TransactionOffsetCommitRequest) -> ErrorCode {
        if request.groupID.isEmpty { return .invalidGroupID }
        // It was when the request was looked at first, so it has just ended: asked again, the client is told how.
        guard admitted[request.producer.id]?[request.groupID] == request.producer.epoch else {
            return .coordinatorLoadInProgress
        }
        let now = now
        if let error = groups[request.groupID]?.admitTransactionalCommit(
            memberID: request.memberID, instanceID: request.instanceID, generation: request.generation, now: now)
        {
            return error
        }
        if request.generation >= 0 { return .illegalGeneration }
        return groups.count < configuration.maximumGroups ? .none : .coordinatorNotAvailable
    }

    /// The transaction's end: what the producer has staged counts from now on, or is forgotten.
    ///
    /// - Returns: whether that is written. It may be asked again.
    func endTransaction(of producerID: Int64, in group: String, committing: Bool) -> Bool {
        if groups[group]?.offsets.hasStaged(producerID) == true {
            let record = OffsetLogRecord.endTransaction(group: group, producerID: producerID, committing: committing)
            let error = write(record, to: group) { offsets in
                offsets.endTransaction(producerID: producerID, committing: committing)
            }
            guard error == .none else { return false }
        }
        admitted[producerID]?[group] = nil
        if admitted[producerID]?.isEmpty == true { admitted[producerID] = nil }
        return true
    }

    /// Forgets what is staged for other transactions than these: the groups by producer id.
    func abandonTransactions(except known: [Int64: Set<String>]) {
        for (id, group) in groups {
            for producerID in group.offsets.stagingProducers where known[producerID]?.contains(id) != true {
                logger.warning(
                    "dropping offsets of a transaction that nobody knows of",
                    metadata: ["group": "\(id)", "producer": "\(producerID)"])
                _ = endTransaction(of: producerID, in: id, committing: false)
            }
        }
    }
}
