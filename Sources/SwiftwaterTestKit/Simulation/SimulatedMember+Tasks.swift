import Logging
import Swiftwater

extension SimulatedMember {
    // MARK: Opening

    /// Opens one of the tasks that were given, or resumes it.
    func open(using random: inout SimulationRandom) throws {
        guard phase == .owning, let id = unopened.sorted().randomElement(using: &random) else { return }
        if setting.isTransactional, output.identity == nil {
            output.identity = (transactionalID, cluster.register(transactionalID))
        }
        let backend = process.directory[id] ?? InMemoryStateBackend()
        let fresh = try StreamTask(
            id: id, topology: setting.topology, settings: setting.settings, output: output, backend: backend,
            clock: setting.clock, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        // First the offsets, as stable ones, then the ends.
        guard let found = cluster.stableOffsets(of: fresh.inputs) else { return }
        let offsets = Dictionary(uniqueKeysWithValues: fresh.inputs.map { ($0, found[$0]?.offset ?? 0) })
        if let known = tasks[id] {
            if known.phase == .suspended, mayResume(known, found: offsets) {
                known.positions = known.committed
                known.phase = .running
                unopened.remove(id)
                return
            }
            tasks[id] = nil
        }
        let checkpoint = backend.checkpoint()
        if let gap = OffsetGap.first(
            in: checkpoint, found: offsets, uncommitted: Set(fresh.inputs).subtracting(found.keys))
        {
            throw BrokenInvariant(
                "the state of task \(id) holds more of \(gap.input) than the group has committed: \(gap)")
        }
        process.directory[id] = backend
        tasks[id] = begin(fresh, backend, offsets, found, checkpoint)
        unopened.remove(id)
    }

    private func begin(
        _ fresh: StreamTask, _ backend: InMemoryStateBackend, _ offsets: [TopicPartition: Int64],
        _ found: [TopicPartition: CommittableOffset], _ checkpoint: TaskCheckpoint
    ) -> SimulatedTask {
        let task = SimulatedTask(fresh, backend)
        task.positions = offsets
        task.committed = offsets
        for queue in fresh.queues {
            guard let offset = found[queue.source] else { continue }
            queue.partitionTime = offset.partitionTime
            fresh.context.progress.merge(offset.progress, uniquingKeysWith: max)
        }
        task.restorations = task.changelogs(applicationID: applicationID).map { store, partition in
            SimulatedTask.Restoration(
                store: store,
                partition: partition,
                tail: ChangelogTail(
                    kept: checkpoint.changelogOffsets[store], beginning: 0, end: cluster.log(partition).end),
                replay: ChangelogReplay(fresh.subtopology.stores[store], index: store, backend: backend)
            )
        }
        return task
    }

    private func mayResume(_ task: SimulatedTask, found: [TopicPartition: Int64]) -> Bool {
        if setting.mutation == .resumesUnchecked { return true }
        let ends = task.changelogs(applicationID: applicationID).map {
            ($0.store, Optional(cluster.log($0.partition).end))
        }
        return Suspension(committed: task.committed, changelogOffsets: task.backend.checkpoint().changelogOffsets)
            .isUntouched(
                found: found, ends: Dictionary(uniqueKeysWithValues: ends), isTransactional: setting.isTransactional)
    }

    /// Reads some records of a changelog into their store.
    func restore(using random: inout SimulationRandom) throws {
        guard
            let task = tasks.values.filter({ $0.phase == .restoring }).sorted(by: { $0.task.id < $1.task.id })
                .randomElement(using: &random)
        else { return }
        for index in task.restorations.indices where !isDone(task.restorations[index]) {
            var restoration = task.restorations[index]
            let (records, next) = cluster.log(restoration.partition).read(
                from: restoration.tail.position, committed: setting.isTransactional,
                limit: Int.random(in: 1...20, using: &random))
            for (offset, record) in records {
                restoration.position = offset + 1
                restoration.tail.read(offset)
                guard let key = record.key else { continue }
                try key.withUnsafeBytes { key in
                    try (record.value ?? []).withUnsafeBytes { value in
                        try restoration.replay.take(
                            key: key, value: record.value == nil ? nil : value, timestamp: record.timestamp)
                    }
                }
            }
            restoration.tail.reachedEndOfPartition(at: next)
            var checkpoint = task.backend.checkpoint()
            checkpoint.changelogOffsets[restoration.store] = restoration.tail.position
            task.backend.commit(records.isEmpty ? [] : [restoration.replay.changes], checkpoint: checkpoint)
            restoration.replay.clear()
            task.restorations[index] = restoration
        }
        if task.restorations.allSatisfy(isDone) { task.phase = .running }
    }

    private func isDone(_ restoration: SimulatedTask.Restoration) -> Bool {
        guard setting.mutation == .restoresByPosition else { return restoration.tail.isDone }
        let position = restoration.position ?? restoration.tail.start
        return restoration.tail.end == restoration.tail.start || position >= restoration.tail.end
    }

    // MARK: Records

    func fetch(using random: inout SimulationRandom) {
        for task in tasks.values where task.phase == .running {
            for queue in task.task.queues {
                let position = task.positions[queue.source] ?? 0
                let log = cluster.log(queue.source)
                let (records, next) = log.read(
                    from: position, committed: setting.isTransactional, limit: Int.random(in: 1...10, using: &random))
                let batch = RecordBatch()
                for (offset, record) in records {
                    batch.append(
                        offset: offset, timestamp: record.timestamp, key: record.key, value: record.value,
                        headers: record.headers)
                }
                task.positions[queue.source] = next
                queue.lag = next >= (setting.isTransactional ? log.lastStable : log.end) ? 0 : 1
                // Simulated records can be read: nothing throws here.
                try? queue.add(batch)
            }
        }
    }

    func processRecords(using random: inout SimulationRandom) throws {
        guard phase == .owning, steps == nil else { return }
        for task in tasks.values.sorted(by: { $0.task.id < $1.task.id }) where task.phase == .running {
            try task.task.punctuateWallClock()
            _ = try task.task.process(limit: Int.random(in: 0...8, using: &random))
        }
    }
}
