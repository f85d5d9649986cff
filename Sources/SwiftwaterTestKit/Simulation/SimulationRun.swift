import Logging
import Swiftwater

/// One run: the schedule, the faults, and what is checked at the end.
final class SimulationRun {
    let cluster: SimulatedCluster
    private let processes: [SimulatedProcess]
    private let setting: SimulatedMember.Setting
    private let guarantee: Simulation.Guarantee
    private var inputs: ArraySlice<CapturedRecord>
    private var random: SimulationRandom
    private(set) var step = 0

    init(
        topology: Topology, applicationID: String, seed: UInt64, guarantee: Simulation.Guarantee, members: Int,
        partitions: Int32, inputs: [CapturedRecord], mutation: SimulationMutation?
    ) {
        var settings = TaskSettings(applicationID: applicationID)
        topology.configuration.apply(to: &settings)
        settings.emitInterval = .zero
        self.guarantee = guarantee
        self.inputs = inputs[...]
        random = SimulationRandom(seed: seed)
        setting = SimulatedMember.Setting(
            topology: topology, settings: settings, isTransactional: guarantee == .exactlyOnce, clock: SettableClock(0),
            mutation: mutation)
        let tasks = topology.subtopologies.flatMap { part in
            (0..<partitions).map { TaskID(subtopology: part.id, partition: $0) }
        }
        cluster = SimulatedCluster(
            partitionCount: partitions, tasks: tasks, random: SimulationRandom(seed: seed ^ 0x5157_7447))
        processes = (0..<members).map(SimulatedProcess.init)
    }

    func run(steps: Int) throws {
        while step < steps || !inputs.isEmpty {
            step += 1
            setting.clock.time = setting.clock.time.advanced(by: .milliseconds(10))
            feed()
            try disturb()
            if let process = processes.randomElement(using: &random) { try act(process) }
        }
        try finish()
        try checkOffsets()
        try checkStores()
    }

    private func act(_ process: SimulatedProcess) throws {
        guard process.frozenUntil == nil else { return }
        if let member = process.member { try member.act(using: &random) }
    }

    private func feed() {
        guard random.chance(oneIn: 3), let record = inputs.popFirst() else { return }
        let partition: Int32
        if let key = record.key {
            partition = key.withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: cluster.partitionCount) }
        } else {
            partition = Int32.random(in: 0..<cluster.partitionCount, using: &random)
        }
        // Nobody refuses a producer without transactions.
        _ = try? cluster.produce(record, to: TopicPartition(record.topic, partition), by: nil)
    }

    // MARK: Faults

    private func disturb() throws {
        for process in processes {
            if process.member == nil, random.chance(oneIn: 15) { start(process) }
            guard let until = process.frozenUntil else { continue }
            if random.chance(oneIn: 60), let name = process.member?.name {
                cluster.group.remove(name, using: &cluster.random)
            }
            if step >= until { thaw(process) }
        }
        guard random.chance(oneIn: 25), let process = processes.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: crash(process)
        case 2, 3: freeze(process)
        case 4: cluster.group.beginRebalance()
        case 5: if setting.isTransactional { cluster.timeOutTransaction(using: &random) }
        case 6: stop(process)
        default: expire()
        }
    }

    private func start(_ process: SimulatedProcess) {
        process.frozenUntil = nil
        process.member = SimulatedMember(process, cluster, setting)
    }

    /// SIGKILL: memory is gone, what was on its way may arrive, the group does not know yet.
    private func crash(_ process: SimulatedProcess) {
        guard let member = process.member else { return }
        member.output.abandon(using: &random)
        process.member = nil
        process.frozenUntil = nil
        lost.append(member.name)
    }
    /// Names of members that nobody is behind any more.
    private var lost: [String] = []

    private func freeze(_ process: SimulatedProcess) {
        guard process.member != nil, process.frozenUntil == nil else { return }
        process.frozenUntil = step + Int.random(in: 10...200, using: &random)
    }

    private func thaw(_ process: SimulatedProcess) {
        process.frozenUntil = nil
        // Without transactions nothing fences a zombie: the stream thread's pulse gives up what it had.
        guard guarantee == .atLeastOnce, let member = process.member, !cluster.group.members.contains(member.name)
        else {
            return
        }
        member.closeDirty(using: &random)
    }

    private func stop(_ process: SimulatedProcess) {
        guard process.frozenUntil == nil, let member = process.member else { return }
        member.leave(using: &random)
        process.member = nil
    }

    /// A session time-out of those that are silent.
    private func expire() {
        for name in lost { cluster.group.remove(name, using: &cluster.random) }
        lost = []
        for process in processes where process.frozenUntil != nil {
            if let name = process.member?.name { cluster.group.remove(name, using: &cluster.random) }
        }
    }

    // MARK: The end

    /// No faults any more, until everything is processed and committed.
    private func finish() throws {
        for process in processes { if process.frozenUntil != nil { thaw(process) } }
        expire()
        for process in processes where process.member == nil { start(process) }
        for _ in 0..<40_000 {
            step += 1
            if processes.allSatisfy({ $0.member?.isAtRest == true }), isConsumed { return }
            if let process = processes.randomElement(using: &random) { try act(process) }
        }
        let members = processes.compactMap(\.member).map(\.description).joined(separator: "; ")
        throw BrokenInvariant("the members do not come to rest: \(members)")
    }

    private var sources: [TopicPartition] {
        setting.topology.subtopologies.flatMap { part in
            part.sourceTopics(applicationID: setting.settings.applicationID).flatMap { topic in
                (0..<cluster.partitionCount).map { TopicPartition(topic, $0) }
            }
        }
    }

    private var isConsumed: Bool {
        sources.allSatisfy { cluster.log($0).end == 0 || cluster.committed[$0]?.offset == cluster.log($0).end }
    }

    private func checkOffsets() throws {
        for source in sources where (cluster.committed[source]?.offset ?? 0) != cluster.log(source).end {
            throw BrokenInvariant(
                "\(source) is committed to \(cluster.committed[source]?.offset ?? 0) of \(cluster.log(source).end)")
        }
    }

    private func checkStores() throws {
        let tasks = processes.compactMap(\.member).flatMap(\.tasks.values)
        for id in cluster.group.tasks {
            let owners = tasks.filter { $0.task.id == id && $0.phase == .running }
            guard owners.count == 1, let owner = owners.first else {
                throw BrokenInvariant("task \(id) has \(owners.count) owners")
            }
            for (store, partition) in owner.changelogs(applicationID: setting.settings.applicationID) {
                let definition = owner.task.subtopology.stores[store]
                let fold = InMemoryStateBackend()
                let replay = ChangelogReplay(definition, index: store, backend: fold)
                for (_, record) in cluster.log(partition).read(from: 0, committed: true, limit: .max).records {
                    guard let key = record.key else { continue }
                    try key.withUnsafeBytes { key in
                        try (record.value ?? []).withUnsafeBytes { value in
                            try replay.take(
                                key: key, value: record.value == nil ? nil : value, timestamp: record.timestamp)
                        }
                    }
                }
                fold.commit([replay.changes], checkpoint: TaskCheckpoint())
                guard try entries(of: store, in: owner.backend) == entries(of: store, in: fold) else {
                    throw BrokenInvariant("the store \(definition.name) of task \(id) is not the fold of its changelog")
                }
            }
        }
    }

    private func entries(of store: Int, in backend: InMemoryStateBackend) throws -> [[[UInt8]]] {
        var entries: [[[UInt8]]] = []
        try backend.scan(store, from: nil, to: nil, reverse: false) { key, value in
            entries.append([Array(key), Array(value)])
            return true
        }
        return entries
    }
}
