import Logging
import Swiftwater

/// What a member is made with; the state directory outlives the process.
final class SimulatedProcess {
    let number: Int
    /// By task: what is on its disk.
    var directory: [TaskID: InMemoryStateBackend] = [:]
    /// Which process of this directory it is: names the member in the group.
    var incarnation = 0
    var member: SimulatedMember?
    /// Stopped until then; as long as that it answers nobody and thinks no time has passed.
    var frozenUntil: Int?

    init(number: Int) { self.number = number }
}

/// A process at work: the engine's tasks and the decisions of a stream thread, on a simulated cluster.
///
/// It does one thing at a time, chosen by the schedule, so that anything can happen in between. Joining and rebalances are here, opening
/// tasks and records in `SimulatedMember+Tasks.swift`, the commit in `+Commit`.
final class SimulatedMember {
    enum Phase { case joining, owning, revoking }

    let process: SimulatedProcess
    let cluster: SimulatedCluster
    let setting: Setting
    let output: SimulatedOutput
    private(set) var name: String
    private(set) var phase = Phase.joining
    private(set) var generation = -1
    var tasks: [TaskID: SimulatedTask] = [:]
    var unopened: Set<TaskID> = []
    var steps: CommitMachine?
    var flushed: [SimulatedTask] = []

    /// What all members of a run have in common.
    struct Setting {
        var topology: Topology
        var settings: TaskSettings
        var isTransactional: Bool
        var clock: SettableClock
        var mutation: SimulationMutation?
    }

    init(_ process: SimulatedProcess, _ cluster: SimulatedCluster, _ setting: Setting) {
        self.process = process
        self.cluster = cluster
        self.setting = setting
        output = SimulatedOutput(cluster)
        name = ""
        enter()
    }

    var applicationID: String { setting.settings.applicationID }
    var transactionalID: String { "\(applicationID)-\(process.number)" }
    /// Whether nothing is left to do but to wait for others.
    var isAtRest: Bool {
        phase == .owning && unopened.isEmpty && steps == nil && output.isDelivered
            && tasks.values.allSatisfy { $0.phase == .running && $0.task.queuedRecords == 0 && !isDue($0) }
    }

    /// Where it stands, for the message of a run that does not end.
    var description: String {
        let tasks = tasks.values.sorted { $0.task.id < $1.task.id }.map { task in
            "\(task.task.id) \(task.phase)\(isDue(task) ? " due" : "") queued \(task.task.queuedRecords)"
        }
        return
            "\(name) \(phase), generation \(generation), unopened \(unopened.sorted()), commit \(steps.map { "\($0.step)" } ?? "none"), \(tasks)"
    }

    /// Does one of the things that a stream thread may do now.
    func act(using random: inout SimulationRandom) throws {
        do {
            switch Int.random(in: 0..<10, using: &random) {
            // A commit in one go looks at nothing else.
            case 0: if steps == nil || phase == .revoking || random.chance(oneIn: 5) { try poll(using: &random) }
            case 1: try open(using: &random)
            case 2: try restore(using: &random)
            case 3, 4: fetch(using: &random)
            case 5, 6: try processRecords(using: &random)
            case 7: try output.deliver(Int.random(in: 1...5, using: &random), using: &random)
            default: try commitStep(using: &random)
            }
        } catch let refusal as SimulatedCluster.Refusal {
            abandon(refusal, using: &random)
        }
    }

    // MARK: The group

    private func enter() {
        process.incarnation += 1
        name = "\(process.number)-\(process.incarnation)"
        phase = .joining
        generation = -1
        cluster.group.join(name, using: &cluster.random)
    }

    private func poll(using random: inout SimulationRandom) throws {
        let group = cluster.group
        guard group.members.contains(name) else {
            closeDirty(using: &random)
            return enter()
        }
        switch phase {
        case .owning where group.isRebalancing: phase = .revoking
        // Another rebalance began before this one's result was seen.
        case .joining where group.isWaiting(for: name): cluster.group.join(name, using: &cluster.random)
        case .joining where !group.isRebalancing && group.generation != generation:
            let owned = group.assignment[name] ?? []
            for id in tasks.keys where !owned.contains(id) { tasks[id] = nil }
            unopened = owned
            generation = group.generation
            phase = .owning
        default: break
        }
    }

    /// The tasks are committed, or given up: they wait with their stores open, and the member joins again.
    func finishRevoking() {
        tasks = tasks.filter { $0.value.phase != .restoring }
        for task in tasks.values {
            task.phase = .suspended
            for queue in task.task.queues { queue.clear() }
        }
        unopened = []
        phase = .joining
        cluster.group.join(name, using: &cluster.random)
    }

    /// Leaves in order: what it has committed stays.
    func leave(using random: inout SimulationRandom) {
        closeDirty(using: &random)
        cluster.group.remove(name, using: &cluster.random)
    }

    // MARK: Giving up

    /// What a stream thread makes of a refusal: the interval counts for nothing, the tasks are opened anew.
    private func abandon(_ refusal: SimulatedCluster.Refusal, using random: inout SimulationRandom) {
        let owned = Set(tasks.keys).union(unopened)
        let wasRevoking = phase == .revoking
        closeDirty(using: &random)
        if refusal == .fenced { output.identity = nil }
        if wasRevoking { return finishRevoking() }
        if phase == .owning { unopened = owned }
    }

    /// Throws away what was done since the last commit.
    func closeDirty(using random: inout SimulationRandom) {
        output.abandon(using: &random)
        if let identity = output.identity {
            if steps?.mayBeCommitted == true {
                // The commit may have reached the broker: registering anew settles it.
                output.identity = nil
            } else {
                do { try cluster.endTransaction(identity.id, epoch: identity.epoch, commit: false) } catch {
                    output.identity = nil
                }
            }
        }
        tasks = [:]
        unopened = []
        steps = nil
        flushed = []
    }
}
