import Swiftwater

/// A consumer group: who is in it, in which generation, and who owns what.
struct SimulatedGroup {
    private(set) var generation = 0
    private(set) var members: Set<String> = []
    private(set) var assignment: [String: Set<TaskID>] = [:]
    /// Members must give up what they own and join again.
    private(set) var isRebalancing = false
    private var joined: Set<String> = []
    let tasks: [TaskID]

    init(tasks: [TaskID]) { self.tasks = tasks }

    mutating func beginRebalance() {
        if isRebalancing || members.isEmpty { return }
        isRebalancing = true
        joined = []
    }

    /// Enters, or joins again; the last one to do so completes the generation.
    mutating func join(_ member: String, using random: inout some RandomNumberGenerator) {
        members.insert(member)
        beginRebalance()
        joined.insert(member)
        completeIfAllJoined(using: &random)
    }

    /// A member that left, or was silent for a session.
    mutating func remove(_ member: String, using random: inout some RandomNumberGenerator) {
        guard members.remove(member) != nil else { return }
        assignment[member] = nil
        joined.remove(member)
        if members.isEmpty { isRebalancing = false } else { beginRebalance() }
        completeIfAllJoined(using: &random)
    }

    private mutating func completeIfAllJoined(using random: inout some RandomNumberGenerator) {
        guard isRebalancing, !members.isEmpty, joined == members else { return }
        generation += 1
        isRebalancing = false
        assignment = Dictionary(uniqueKeysWithValues: members.map { ($0, []) })
        let order = members.sorted().shuffled(using: &random)
        for (index, task) in tasks.enumerated() { assignment[order[index % order.count]]?.insert(task) }
    }

    func isWaiting(for member: String) -> Bool { isRebalancing && !joined.contains(member) }

    /// Whether offsets of this member and generation are taken: not from one that was put out, nor one that has joined the next.
    func accepts(_ member: String, generation: Int) -> Bool {
        members.contains(member) && generation == self.generation && !(isRebalancing && joined.contains(member))
    }
}
