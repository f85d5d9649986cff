import ArgumentParser

/// What is done to the application.
enum FaultKind: String, CaseIterable, Codable, ExpressibleByArgument {
    /// SIGKILL to a worker, which is started again.
    case killWorker = "kill-worker"
    /// SIGSTOP to a worker for longer than its session, then SIGCONT: a zombie.
    case freezeWorker = "freeze-worker"
    /// A worker ends in order, and comes back.
    case stopWorker = "stop-worker"
    /// SIGKILL to a worker, and its state directory is gone.
    case deleteState = "delete-state"
    /// A worker's disk is full for some seconds.
    case fillDisk = "fill-disk"
    /// SIGKILL to the broker, which is started again.
    case killBroker = "kill-broker"

    /// Whether it needs a broker of our own.
    var isBrokers: Bool {
        switch self {
        case .killBroker: true
        default: false
        }
    }
}
