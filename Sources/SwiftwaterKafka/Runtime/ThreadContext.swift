internal import Logging
internal import Metrics
internal import RDKafka
internal import Swiftwater
internal import Synchronization

/// What a stream thread is given, and how others reach it: by a flag that it looks at between polls.
final class ThreadContext: Stoppable {
    let topology: Topology
    let plan: TopologyPlan
    let configuration: StreamsConfiguration
    let directory: StateDirectory
    let admin: Admin
    let claims: TaskClaims
    /// Nil if the topology has no global tables.
    let globals: GlobalTables?
    let stores: LocalStores
    let pulse: Pulse
    let pause: PauseSwitch
    let clientID: ClientID
    let logger: Logger
    let metrics: any MetricsFactory
    let report: @Sendable (_ thread: Int, ThreadEvent) -> Void
    private let stops = Atomic<Bool>(false)
    private let waker = Mutex<ConsumerWaker?>(nil)

    init(
        topology: Topology,
        plan: TopologyPlan,
        configuration: StreamsConfiguration,
        directory: StateDirectory,
        admin: Admin,
        claims: TaskClaims,
        globals: GlobalTables?,
        stores: LocalStores,
        pulse: Pulse,
        pause: PauseSwitch,
        clientID: ClientID,
        logger: Logger,
        metrics: any MetricsFactory,
        report: @escaping @Sendable (_ thread: Int, ThreadEvent) -> Void
    ) {
        self.topology = topology
        self.plan = plan
        self.configuration = configuration
        self.directory = directory
        self.admin = admin
        self.claims = claims
        self.globals = globals
        self.stores = stores
        self.pulse = pulse
        self.pause = pause
        self.clientID = clientID
        self.logger = logger
        self.metrics = metrics
        self.report = report
    }

    var shouldStop: Bool { stops.load(ordering: .acquiring) }

    func stop() {
        stops.store(true, ordering: .releasing)
        waker.withLock { $0?.wake() }
    }

    func setWaker(_ waker: ConsumerWaker?) {
        self.waker.withLock { $0 = waker }
    }

    func tell(_ event: ThreadEvent) {
        report(clientID.thread, event)
    }
}

/// What a stream thread tells its application.
enum ThreadEvent: Sendable {
    case state(StreamsState)
    case ended((any Error)?)
}
