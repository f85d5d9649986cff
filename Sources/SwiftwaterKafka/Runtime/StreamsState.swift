/// Where an application stands.
public enum StreamsState: String, Sendable, Hashable {
    /// Not started yet.
    case created
    /// Joining the group, or being given other tasks, or restoring them.
    case rebalancing
    /// Members with another topology hold the group; nothing is processed until they are gone. Not ready.
    case waitingForPeers
    /// All threads process.
    case running
    /// Finishing: the last commit, leaving the group.
    case stopping
    /// Stopped in order.
    case stopped
    /// A thread ended with an error, which `run()` throws.
    case failed
}
