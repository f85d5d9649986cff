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
    /// The broker answers nobody of the application for some seconds.
    case hangBroker = "hang-broker"
    /// The application's connections are cut, and some of its requests too, before or after they were done.
    case cutConnections = "cut-connections"
    /// The application's requests are answered late.
    case delayAnswers = "delay-answers"
    /// Requests of the application are refused with Kafka's error codes.
    case refuseRequests = "refuse-requests"

    /// Whether it needs a broker of our own.
    var isBrokers: Bool {
        switch self {
        case .killBroker, .hangBroker, .cutConnections, .delayAnswers, .refuseRequests: true
        default: false
        }
    }
}
