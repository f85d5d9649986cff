internal import Logging
internal import RDKafka
internal import Swiftwater

extension StreamThread {
    // MARK: Opening

    /// Opens the tasks that were given, or resumes those that were suspended and that nobody else worked on meanwhile.
    func openTasks() throws {
        guard case .agreed = membership, !unopened.isEmpty else { return }
        _ = try attempt("open tasks", openGiven)
    }

    private func openGiven() throws {
        if let until = fence.waitsUntil, clock.now < until { return keepPlace(.milliseconds(100)) }
        try register()
        let ids = unopened.sorted()
        let offsets = try startingOffsets(of: ids.flatMap { plan.inputs(of: $0) })
        let ends = try changelogEnds(of: ids.compactMap { tasks[$0] })
        var isChanged = false
        for id in ids {
            if let known = tasks[id] {
                if known.phase == .suspended, isUntouched(known, offsets.offsets, ends) {
                    known.positions = known.committed
                    known.phase = .running
                    unopened.remove(id)
                    isChanged = true
                    continue
                }
                closeTasks([id])
            }
            // Another thread of this process may be about to close it.
            guard context.claims.claim(id) else { continue }
            do {
                CrashPoint.beforeOpen.pass()
                tasks[id] = try open(id, offsets)
                CrashPoint.afterOpen.pass()
            } catch {
                context.claims.release(id)
                throw error
            }
            unopened.remove(id)
            isChanged = true
        }
        if isChanged { try assignInputs() }
    }

    /// What a former holder of our transactional id left open must end before committed offsets mean anything.
    private func register() throws {
        do throws(KafkaError) {
            try producer.register(timeout: patience)
        } catch {
            throw StreamsError(.production, "cannot register the transactional id", cause: error)
        }
    }

    private func open(_ id: TaskID, _ starting: StartingOffsets) throws -> RunningTask {
        let subtopology = try context.topology.subtopology(id.subtopology)
        let kept =
            subtopology.stores.isEmpty
            ? nil
            : TaskStores(try context.directory.open(id, subtopology.stores), subtopology.stores)
        if let kept, case .discarded(let reason) = kept.disk.origin {
            logger.warning(
                "state cannot be trusted and is restored", metadata: ["task": "\(id)", "reason": "\(reason)"])
        }
        if let kept {
            let checkpoint = try kept.checkpoint()
            try requireOffsets(starting, toCover: checkpoint, of: id)
            reportLoss(subtopology.stores, checkpoint, starting, of: id)
        }
        let task = try StreamTask(
            id: id,
            topology: context.topology,
            settings: configuration.taskSettings(of: context.topology),
            output: output,
            backend: kept?.backend ?? NoState(),
            globals: globals,
            clock: wallClock,
            logger: logger
        )
        var positions: [InputPartition: Int64] = [:]
        for queue in task.queues {
            guard let offset = starting.offsets[queue.source] else { continue }
            positions[queue.source] = offset.offset
            queue.partitionTime = CommittableOffset.partitionTime(from: offset.metadata)
            task.context.progress.merge(CommittableOffset.progress(from: offset.metadata), uniquingKeysWith: max)
        }
        let running = RunningTask(
            task, kept, positions: positions, committed: positions, stores: context.stores)
        if let kept, case let restored = try storesToRestore(of: running, kept, starting), !restored.isEmpty {
            restorer.submit(TaskRestoration(id, kept, restored, listener: configuration.restoreListener))
        } else {
            running.phase = .running
        }
        return running
    }

    /// Says what no changelog brings back: of stores on disk the last interval before a kill, or all if the disk is another one.
    private func reportLoss(
        _ stores: [StoreDefinition], _ checkpoint: TaskCheckpoint, _ starting: StartingOffsets, of id: TaskID
    ) {
        let unlogged = stores.filter { !$0.isLogged && $0.sourceTopic == nil }
        if unlogged.isEmpty { return }
        for (input, offset) in starting.offsets where input.partition == id.partition {
            guard plan.inputs(of: id).contains(input), !starting.uncommitted.contains(input) else { continue }
            let kept = unlogged.allSatisfy(\.isPersistent) ? checkpoint.inputOffsets[input] ?? 0 : 0
            guard kept < offset.offset else { continue }
            logger.warning(
                "stores without a changelog have lost the effects of some records",
                metadata: [
                    "task": "\(id)", "stores": "\(unlogged.map(\.name).joined(separator: " "))",
                    "topic": "\(input.topic)", "from": "\(kept)", "to": "\(offset.offset)",
                ])
        }
    }

    /// What the stores of a task are restored from: a changelog whole, a source topic up to where it is processed (S-94).
    private func storesToRestore(
        of running: RunningTask, _ kept: TaskStores, _ starting: StartingOffsets
    ) throws -> [RestoredStore] {
        let definitions = running.task.subtopology.stores
        let logged = running.changelogs(applicationID: plan.applicationID).map { index, topic in
            RestoredStore(
                store: index,
                definition: definitions[index],
                partition: KafkaPartition(topic, running.id.partition),
                limit: nil,
                replay: .changelog(ChangelogReplay(definitions[index], index: index, backend: kept.backend))
            )
        }
        return try logged
            + running.sourceStores.map { index, topic in
                let input = InputPartition(topic, running.id.partition)
                let replay = try SourceReplay(
                    running.id,
                    store: index,
                    topology: context.topology,
                    settings: configuration.taskSettings(of: context.topology),
                    backend: kept.backend,
                    clock: wallClock,
                    logger: logger
                )
                let isCommitted = !starting.uncommitted.contains(input)
                return RestoredStore(
                    store: index,
                    definition: definitions[index],
                    partition: KafkaPartition(topic, running.id.partition),
                    limit: isCommitted ? starting.offsets[input]?.offset ?? 0 : 0,
                    replay: .source(replay, RecordBatch())
                )
            }
    }

    /// Takes tasks back from the restorer.
    func takeRestored() throws {
        let finished = restorer.takeFinished()
        if finished.isEmpty { return }
        for restoration in finished {
            guard let task = tasks[restoration.task], task.phase == .restoring else { continue }
            if let failure = restoration.failure {
                throw StreamsError(
                    .stateStore, "the stores could not be restored", at: .init(task: "\(restoration.task)"),
                    cause: failure)
            }
            task.phase = .running
            CrashPoint.afterRestore.pass()
            metrics.restored(restoration.records)
            for store in restoration.stores { task.task.restored(store.written, in: store.store) }
            logger.info(
                "restored", metadata: ["task": "\(restoration.task)", "records": "\(restoration.records)"])
        }
        try assignInputs()
    }

    /// Reads the inputs of all running tasks, each from where it stands.
    func assignInputs() throws {
        do throws(KafkaError) {
            let running = tasks.values.filter { $0.phase == .running }
            try consumer.assign(
                running.flatMap(\.positions).map {
                    PartitionOffset(KafkaPartition($0.key.topic, $0.key.partition), $0.value)
                })
            for index in routes.indices { routes[index] = nil }
            for task in running {
                for queue in task.task.queues {
                    let number = try consumer.number(of: KafkaPartition(queue.source.topic, queue.source.partition))
                    while routes.count <= number {
                        routes.append(nil)
                        incoming.append(RecordBatch())
                    }
                    routes[number] = Route(task: task, queue: queue)
                }
            }
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot assign the inputs of tasks", cause: error)
        }
    }

    /// Whether the group's offsets and the changelogs are where the suspended task left them.
    private func isUntouched(
        _ task: RunningTask,
        _ offsets: [InputPartition: PartitionOffset],
        _ ends: [KafkaPartition: Int64]
    ) -> Bool {
        guard let backend = task.backend else {
            return Suspension(committed: task.committed, changelogOffsets: [:])
                .isUntouched(found: offsets.mapValues(\.offset), ends: [:], isTransactional: producer.isTransactional)
        }
        guard let kept = try? backend.checkpoint() else { return false }
        let logged = task.changelogs(applicationID: plan.applicationID)
        let storeEnds = logged.map { ($0.store, ends[KafkaPartition($0.topic, task.id.partition)]) }
        return Suspension(committed: task.committed, changelogOffsets: kept.changelogOffsets).isUntouched(
            found: offsets.mapValues(\.offset),
            ends: Dictionary(storeEnds) { first, _ in first },
            isTransactional: producer.isTransactional
        )
    }

    private func changelogEnds(of known: [RunningTask]) throws -> [KafkaPartition: Int64] {
        let partitions = known.flatMap { task in
            task.changelogs(applicationID: plan.applicationID).map { KafkaPartition($0.topic, task.id.partition) }
        }
        if partitions.isEmpty { return [:] }
        do throws(KafkaError) {
            let ends = try consumer.endOffsets(partitions, timeout: patience)
            return Dictionary(ends.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot learn where changelogs end", cause: error)
        }
    }

    // MARK: Closing

    /// Lets go of what is queued; the stores stay open.
    func suspendTasks() {
        let restoring = Set(tasks.values.filter { $0.phase == .restoring }.map(\.id))
        closeTasks(Array(restoring))
        for task in tasks.values {
            task.phase = .suspended
            for queue in task.task.queues { queue.clear() }
        }
        for index in routes.indices { routes[index] = nil }
    }

    /// Closes tasks as they are at their last commit.
    func closeTasks(_ ids: [TaskID]) {
        let restoring = Set(ids.filter { tasks[$0]?.phase == .restoring })
        if !restoring.isEmpty, !restorer.cancel(restoring, limit: configuration.maximumPollInterval / 4) {
            logger.warning("the restorer does not let go of its tasks in time")
        }
        for id in ids {
            guard let task = tasks.removeValue(forKey: id) else { continue }
            metrics.dropped(by: task.task)
            metrics.stores(of: task)
            metrics.forget(task.task)
            task.task.context.close()
            context.stores.remove(id)
            do {
                try task.backend?.close()
            } catch {
                logger.warning("the stores did not close", metadata: ["task": "\(id)", "error": "\(error)"])
            }
            context.claims.release(id)
        }
        _ = restorer.takeFinished().map { finished in
            // One that came back meanwhile and was not to be closed is running now.
            if let task = tasks[finished.task], finished.failure == nil { task.phase = .running }
        }
    }

    /// Closes everything without a commit: what was processed since the last one is processed again, here or elsewhere.
    func closeDirty(_ reason: String) throws {
        if tasks.isEmpty { return }
        logger.warning("tasks are closed without a commit: \(reason)")
        flushed = []
        commitSteps = nil
        defer { closeAll() }
        try output.abandon()
    }

    private func closeAll() {
        closeTasks(Array(tasks.keys))
        for index in routes.indices { routes[index] = nil }
    }
}
