import Logging

extension TransactionCoordinator {
    /// Tells everyone of the end that is decided, then writes down that all know.
    func drive(_ id: String) async {
        guard let transaction = transactions[id], transaction.state.isPrepared else { return }
        var remainder =
            remainders[id]
            ?? Remainder(partitions: transaction.partitions.sorted(), groups: transaction.groups.sorted())
        guard !remainder.isDriven else { return }
        remainder.isDriven = true
        remainders[id] = remainder
        remainder.partitions.removeAll { mark($0, transaction) }
        var left: [String] = []
        for group in remainder.groups {
            let isResolved = await groups.endTransaction(
                of: transaction.producer.id, in: group, committing: transaction.isCommitting)
            if isResolved { surroundings.passed(.resolved) } else { left.append(group) }
        }
        remainder.groups = left
        remainder.isDriven = false
        remainders[id] = remainder
        guard remainder.partitions.isEmpty, remainder.groups.isEmpty,
            adopt(transaction.completed(now: surroundings.now()))
        else { return retry(id) }
        remainders[id] = nil
        surroundings.passed(.completed)
    }

    /// Whether the partition knows the end now; one that is gone need not.
    private func mark(_ name: Transaction.Partition, _ transaction: Transaction) -> Bool {
        guard let partition = surroundings.partition(name) else { return true }
        let marker = ControlRecord(
            kind: transaction.isCommitting ? .commit : .abort, producerID: transaction.producer.id,
            producerEpoch: transaction.producer.epoch)
        do {
            try partition.log.endTransaction(marker, now: surroundings.now())
        } catch {
            logger.error(
                "no transaction marker",
                metadata: ["partition": "\(name.topic)-\(name.index)", "error": "\(error)"])
            return false
        }
        partition.wake()
        surroundings.passed(.marked)
        return true
    }

    /// To be called once, before the first request: open transactions go on, prepared ones are driven to their end.
    package func recover() async {
        for transaction in transactions.values.sorted(by: { $0.id < $1.id }) where transaction.state == .ongoing {
            admit(transaction.partitions, to: transaction)
            for group in transaction.groups {
                await groups.beginTransaction(of: transaction.producer, in: group)
            }
        }
        for id in transactions.keys.sorted() { await drive(id) }
        await abandonOrphans()
        await wake()
    }

    func admit(_ partitions: Set<Transaction.Partition>, to transaction: Transaction) {
        for partition in partitions {
            surroundings.partition(partition)?.log
                .admitTransaction(producerID: transaction.producer.id, epoch: transaction.producer.epoch)
        }
    }

    /// Ends what no transactional id accounts for, and what would stay open for ever. It needs the loss of a written log, as by a power
    /// failure without `fsync`, or by hand.
    private func abandonOrphans() async {
        var known: [Int64: Transaction] = [:]
        for transaction in transactions.values where transaction.state == .ongoing || transaction.state.isPrepared {
            known[transaction.producer.id] = transaction
        }
        for (name, partition) in surroundings.allPartitions() {
            for producerID in partition.log.openTransactions where known[producerID]?.partitions.contains(name) != true
            {
                logger.warning(
                    "aborting a transaction that nobody knows of",
                    metadata: ["partition": "\(name.topic)-\(name.index)", "producer": "\(producerID)"])
                let epoch = partition.log.epoch(of: producerID)
                try? partition.log.endTransaction(
                    ControlRecord(kind: .abort, producerID: producerID, producerEpoch: epoch),
                    now: surroundings.now())
            }
        }
        await groups.abandonTransactions(except: known.mapValues(\.groups))
    }
}
