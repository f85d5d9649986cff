import Swiftwater

extension SimulatedMember {
    func isDue(_ task: SimulatedTask) -> Bool {
        task.phase == .running && (task.task.needsCommit || !task.moved().isEmpty)
    }

    /// Begins a commit, or does its next step; what goes wrong for good is thrown.
    func commitStep(using random: inout SimulationRandom) throws {
        guard phase != .joining else { return }
        guard var steps else {
            let due = tasks.values.filter(isDue).sorted { $0.task.id < $1.task.id }
            if due.isEmpty {
                if phase == .revoking { finishRevoking() }
                return
            }
            flushed = due.shuffled(using: &random)
            self.steps = CommitMachine(isTransactional: setting.isTransactional, tasks: due.count)
            return
        }
        // A rebalance does not wait for ever.
        if phase == .revoking, random.chance(oneIn: 60) {
            closeDirty(using: &random)
            return finishRevoking()
        }
        guard try perform(steps.step, using: &random) else { return }
        steps.finished()
        self.steps = steps
        if steps.step == .done {
            output.settle()
            flushed = []
            self.steps = nil
        }
    }

    /// Whether the step is done; if not, it is asked for again.
    private func perform(_ step: CommitMachine.Step, using random: inout SimulationRandom) throws -> Bool {
        switch step {
        case .flush:
            for task in flushed {
                try task.task.flush()
                task.committing = task.moved()
                // A transaction without offsets of a task is not fenced for it.
                if task.committing.isEmpty, setting.isTransactional {
                    task.committing = task.task.committableOffsets { task.positions[$0] }
                }
            }
        case .deliver:
            try output.deliver(Int.random(in: 1...10, using: &random), using: &random)
            guard output.isDelivered else { return false }
            if setting.mutation == .storesFirst { for task in flushed { try persist(task) } }
        case .sendOffsets:
            guard let identity = output.identity else { throw SimulatedCluster.Refusal.fenced }
            if random.chance(oneIn: 10) { return false }
            try cluster.sendOffsets(
                setting.mutation == .sendsNoOffsets ? [:] : offsets(), id: identity.id, epoch: identity.epoch,
                member: name, generation: setting.mutation == .sendsNoGeneration ? -1 : generation)
        case .endTransaction:
            guard let identity = output.identity else { throw SimulatedCluster.Refusal.fenced }
            if random.chance(oneIn: 10) { return false }
            if setting.mutation == .sendsNoOffsets {
                try cluster.commitUnfenced(offsets(), id: identity.id, epoch: identity.epoch)
            }
            try cluster.endTransaction(identity.id, epoch: identity.epoch, commit: true)
            // The answer got lost: the same call again finds it done.
            if random.chance(oneIn: 10) { return false }
        case .commitOffsets:
            if random.chance(oneIn: 10) { return false }
            try cluster.commit(offsets(), member: name, generation: generation)
            if random.chance(oneIn: 10) { return false }
        case .persist(let index):
            if setting.mutation != .storesFirst { try persist(flushed[index]) }
        case .done: break
        }
        return true
    }

    private func offsets() -> [TopicPartition: CommittableOffset] {
        flushed.reduce(into: [:]) { $0.merge($1.committing) { _, new in new } }
    }

    private func persist(_ task: SimulatedTask) throws {
        let before = task.backend.checkpoint()
        var checkpoint = before
        for (store, partition) in task.changelogs(applicationID: applicationID) {
            let report = output.reports[partition] ?? .nothing
            if report == .unknown, setting.mutation == .missingOffsetIsZero {
                checkpoint.changelogOffsets[store] = 1
                continue
            }
            checkpoint.advance(store, by: report)
        }
        for (input, offset) in task.committing {
            checkpoint.inputOffsets[input] = offset.offset
            task.committed[input] = offset.offset
        }
        try check(checkpoint, after: before, of: task)
        try task.task.persist(checkpoint)
    }

    /// A store is never ahead of what Kafka has committed, and never goes back.
    private func check(_ checkpoint: TaskCheckpoint, after before: TaskCheckpoint, of task: SimulatedTask) throws {
        for (store, partition) in task.changelogs(applicationID: applicationID) {
            let offset = checkpoint.changelogOffsets[store] ?? 0
            guard offset >= before.changelogOffsets[store] ?? 0 else {
                throw BrokenInvariant("task \(task.task.id): the checkpoint of \(partition) goes back to \(offset)")
            }
            let log = cluster.log(partition)
            guard offset <= (setting.isTransactional ? log.lastStable : log.end) else {
                throw BrokenInvariant(
                    "task \(task.task.id): a store is ahead of what is committed in \(partition): \(offset)")
            }
        }
        for (input, offset) in checkpoint.inputOffsets where offset > cluster.committed[input]?.offset ?? 0 {
            throw BrokenInvariant(
                "task \(task.task.id): the state is ahead of the group's offset of \(input): \(offset)")
        }
    }
}
