internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater

// At-least-once (Design/Runtime.md): flush, every delivery report, the offsets, and only then the stores. Killed before the
// offsets: all of it is processed again. Killed before the stores: they replay their changelogs' tail.
extension StreamThread {
    enum CommitOutcome {
        case done
        /// By the group, for now; the tasks wait, and the next call goes on from there.
        case refused
        /// Records were not acknowledged in time; the next call goes on waiting.
        case undelivered
    }

    func commitIfDue() throws {
        guard !tasks.isEmpty else { return }
        let bytes = tasks.values.reduce(0) { $0 + ($1.phase == .running ? $1.task.bufferedBytes : 0) }
        let isRequested = tasks.values.contains { $0.phase == .running && $0.task.isCommitRequested }
        guard isRequested || clock.now >= nextCommit || bytes >= configuration.maximumBufferedBytes else { return }
        _ = try commit(limit: configuration.maximumPollInterval / 3)
        nextCommit = clock.now + configuration.commitInterval
        for task in tasks.values { metrics.stores(of: task) }
    }

    /// Commits all running tasks that have something to commit.
    func commit(limit: Duration) throws -> CommitOutcome {
        let start = clock.now
        try noticeFreeze()
        var steps: CommitMachine
        if let begun = commitSteps {
            steps = begun
        } else {
            var due = tasks.values.filter { $0.phase == .running && ($0.task.needsCommit || !moved($0).isEmpty) }
            if due.isEmpty { return .done }
            due.sort { $0.id < $1.id }
            if CrashPoint.reversesTasks { due.reverse() }
            flushed = due
            steps = CommitMachine(isTransactional: producer.isTransactional, tasks: due.count)
        }
        while steps.step != .done {
            commitSteps = steps
            let outcome = try perform(steps.step, until: start + limit)
            guard outcome == .done else { return outcome }
            steps.finished()
        }
        CrashPoint.afterStores.pass()
        output.settle()
        flushed = []
        commitSteps = nil
        metrics.committed(after: clock.now - start)
        return .done
    }

    private func perform(_ step: CommitMachine.Step, until deadline: ContinuousClock.Instant) throws -> CommitOutcome {
        switch step {
        case .flush:
            CrashPoint.beforeFlush.pass()
            for task in flushed {
                sending(task)
                try task.task.flush()
                task.committing = moved(task)
                // A transaction without offsets of a task is not fenced for it.
                if task.committing.isEmpty, producer.isTransactional {
                    task.committing = task.task.committableOffsets { task.positions[$0] }
                }
            }
            globals?.rest()
            CrashPoint.afterFlush.pass()
        case .deliver:
            while try !output.flush(timeout: .milliseconds(100)) {
                keepPlace()
                guard clock.now < deadline else { return .undelivered }
            }
            CrashPoint.afterDelivery.pass()
        case .sendOffsets:
            guard let groupMetadata else {
                throw StreamsError(.taskMigrated, "a commit outside of a generation of the group")
            }
            let offsets = offsetsToCommit()
            let isDone = try transacting(until: deadline) { () throws(KafkaError) in
                try producer.sendOffsets(offsets, of: groupMetadata, timeout: .milliseconds(500))
            }
            guard isDone else { return .undelivered }
            CrashPoint.afterOffsets.pass()
        case .endTransaction:
            let isDone = try transacting(until: deadline) { () throws(KafkaError) in
                try producer.endTransaction(timeout: .milliseconds(500))
            }
            guard isDone else { return .undelivered }
            CrashPoint.afterEndTransaction.pass()
        case .commitOffsets:
            let outcome = try commitToGroup(offsetsToCommit(), until: deadline)
            guard outcome == .done else { return outcome }
            CrashPoint.afterEndTransaction.pass()
        case .persist(let index):
            try persist(flushed[index])
            measure(flushed[index])
            CrashPoint.betweenStores.pass()
        case .done: break
        }
        return .done
    }

    private func offsetsToCommit() -> [PartitionOffset] {
        flushed.flatMap { task in
            task.committing.map { input, offset in
                PartitionOffset(
                    KafkaPartition(input.topic, input.partition), offset.offset, metadata: offset.metadata)
            }
        }
    }

    private func commitToGroup(_ offsets: [PartitionOffset], until deadline: ContinuousClock.Instant) throws
        -> CommitOutcome
    {
        do throws(KafkaError) {
            try consumer.commit(offsets, timeout: max(.milliseconds(100), min(deadline - clock.now, patience)))
        } catch {
            switch error.code {
            case .rebalanceInProgress, .illegalGeneration, .unknownMemberID, .timedOut, .requestTimedOut,
                .waitingForCoordinator, .coordinatorNotAvailable, .coordinatorLoadInProgress, .notCoordinator:
                logger.info("the commit waits", metadata: ["error": "\(error)"])
                return .refused
            default:
                if error.isRetriable { return .refused }
                throw StreamsError(.brokerUnreachable, "the offsets could not be committed", cause: error)
            }
        }
        return .done
    }

    /// Asks again what may be asked again; false if the time is over.
    private func transacting(
        until deadline: ContinuousClock.Instant, _ body: () throws(KafkaError) -> Void
    ) throws -> Bool {
        while true {
            do throws(KafkaError) {
                try body()
                return true
            } catch {
                guard error.isRetriable, !error.requiresAbort, !error.isFatal else {
                    throw StreamsError(.production, "the transaction could not be committed", cause: error)
                }
                guard clock.now < deadline else { return false }
                keepPlace()
            }
        }
    }

    private func measure(_ task: RunningTask) {
        metrics.dropped(by: task.task)
        for (input, offset) in task.committed {
            let partition = KafkaPartition(input.topic, input.partition)
            guard let end = consumer.cachedWatermarks(partition)?.high else { continue }
            metrics.lag(max(0, end - offset), of: input)
        }
    }

    private func moved(_ task: RunningTask) -> [InputPartition: CommittableOffset] {
        task.task.committableOffsets { task.positions[$0] }.filter { $0.value.offset != task.committed[$0.key] }
    }

    private func persist(_ task: RunningTask) throws {
        var checkpoint = try task.backend?.checkpoint() ?? TaskCheckpoint()
        for (store, topic) in task.changelogs(applicationID: plan.applicationID) {
            checkpoint.advance(store, by: report(of: topic, task.id.partition))
        }
        for (store, topic) in task.sourceStores {
            // What is processed of its topic is what it holds.
            guard let offset = task.committing[InputPartition(topic, task.id.partition)] else { continue }
            checkpoint.advance(store, by: .end(offset.offset))
        }
        for (input, offset) in task.committing {
            checkpoint.inputOffsets[input] = offset.offset
            task.committed[input] = offset.offset
            if plan.repartitionTopics.contains(input.topic) {
                purgeable[KafkaPartition(input.topic, input.partition)] = offset.offset
            }
        }
        try task.task.persist(checkpoint)
    }

    private func report(of topic: String, _ partition: Int32) -> ChangelogReport {
        if output.isUnknown(topic, partition) { return .unknown }
        return output.changelogEnd(topic, partition).map { .end($0) } ?? .nothing
    }

    /// Deletes what repartition topics hold before their committed offsets (S-108); losing a round of it harms nothing.
    func purgeIfDue() {
        guard clock.now >= nextPurge else { return }
        nextPurge = clock.now + configuration.repartitionPurgeInterval
        if purgeable.isEmpty { return }
        let offsets = purgeable.map { PartitionOffset($0.key, $0.value) }
        purgeable = [:]
        let (admin, timeout, logger) = (context.admin, configuration.requestTimeout, logger)
        // Not on this thread: nothing waits for it.
        DispatchQueue.global().async {
            do {
                _ = try admin.deleteRecords(before: offsets, timeout: timeout)
            } catch {
                logger.info("repartition topics were not purged", metadata: ["error": "\(error)"])
            }
        }
    }
}
