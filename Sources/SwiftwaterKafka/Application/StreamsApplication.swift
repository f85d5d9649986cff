internal import Foundation
public import Logging
public import Metrics
internal import RDKafka
public import ServiceLifecycle
public import Swiftwater
public import UnixSignals

/// A topology at work: reads its topics, keeps its state, writes its results, together with all processes of the same id.
///
/// Starting the same program once more, on this machine or another, spreads the work; `KafkaStreams` is the counterpart. Runs once.
/// As a `Service` it belongs into a `ServiceGroup`; ``runService(gracefulShutdownSignals:)`` makes one for a program that has
/// nothing else to run.
public final class StreamsApplication: Service, CustomStringConvertible {
    /// What it does.
    public let topology: Topology
    /// How it runs.
    public let configuration: StreamsConfiguration
    let logger: Logger
    private let metrics: (any MetricsFactory)?
    private let life = ApplicationLife()
    let stores = LocalStores()
    let pauseSwitch = PauseSwitch()

    /// Checks the configuration; touches neither disk nor network.
    ///
    /// - Parameters:
    ///   - topology: what to run.
    ///   - configuration: how.
    ///   - logger: where it says what happens.
    ///   - metrics: where its metrics go (`metric.reporters`); nil is what the process has bootstrapped swift-metrics with.
    /// - Throws: ``StreamsError`` with `invalidConfiguration` that names the setting.
    public init(
        _ topology: Topology,
        configuration: StreamsConfiguration,
        logger: Logger = Logger(label: "swiftwater"),
        metrics: (any MetricsFactory)? = nil
    ) throws {
        try configuration.validate()
        self.topology = topology
        self.configuration = configuration
        self.metrics = metrics
        var logger = logger
        logger[metadataKey: "application"] = "\(configuration.applicationID)"
        self.logger = logger
    }

    /// Names the application.
    public var description: String { "StreamsApplication(\(configuration.applicationID))" }

    // MARK: State

    /// Where it stands now.
    public var state: StreamsState { life.state }

    /// The present state and every one that follows; ends with the application.
    public func states() -> AsyncStream<StreamsState> { life.states() }

    /// Returns once the application is in this state; at its end it throws what ended it, or `invalidState`.
    public func wait(for state: StreamsState) async throws {
        for await current in states() where current == state { return }
        try await life.wait()
        throw StreamsError(.invalidState, "\(self) ended before it was \(state)")
    }

    // MARK: Running

    /// Runs until it is stopped, cancelled, or shut down by its service group: then it commits and leaves the group.
    ///
    /// - Throws: ``StreamsError`` with what could not be started or ended a thread.
    public func run() async throws {
        // Shut down before it began.
        if state == .stopped { return }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await start()
                try await life.wait()
            } onGracefulShutdown: {
                self.life.stop()
            }
        } onCancel: {
            self.life.stop()
        }
    }

    /// Runs until one of the signals comes: then it commits, leaves the group and returns.
    ///
    /// - Throws: ``StreamsError`` with what could not be started or ended a thread.
    public func runService(gracefulShutdownSignals: [UnixSignal] = [.sigterm, .sigint]) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: gracefulShutdownSignals,
                logger: logger
            )
        )
        try await group.run()
    }

    /// Checks topics against the topology, makes internal topics and starts the threads; returns before records are processed.
    ///
    /// - Throws: ``StreamsError``: `brokerUnreachable`, `missingTopic`, `unequalPartitions`, `stateDirectory`, or `invalidState` if it
    ///   was started before.
    public func start() async throws {
        guard life.start() else {
            throw StreamsError(.invalidState, "\(self) runs or ran already: make a new one")
        }
        do {
            try await Self.onThread(named: "start") { try self.launch() }
        } catch {
            logger.error("the application did not start", metadata: ["error": "\(error)"])
            life.fail(error)
            throw error
        }
    }

    /// Finishes what was read, commits, leaves the group, and returns after that; throws what ended a thread before.
    public func stop() async throws {
        life.stop()
        try await life.wait()
    }

    /// Removes the local state, which comes back from the changelogs at the next start; not while the application runs.
    ///
    /// - Throws: ``StreamsError`` with `invalidState`, or `stateDirectory` if another process uses it.
    public func cleanUp() throws {
        guard [.created, .stopped, .failed].contains(state) else {
            throw StreamsError(.invalidState, "\(self) is \(state): stop it before its state is removed")
        }
        try stateDirectory().cleanUp()
    }

    private func launch() throws {
        let directory = try stateDirectory()
        // At once: another application may be started on it as soon as this one is known to have ended.
        life.onEnd { directory.unlock() }
        if let original = directory.copiedFrom {
            logger.warning(
                "the state directory is a copy and gets an identity of its own",
                metadata: ["directory": "\(directory.path)", "copied from": "\(original)"])
        }
        try launch(in: directory, try makeAdmin())
    }

    /// Plans from the topics as they are now, and starts the threads.
    private func launch(in directory: StateDirectory, _ admin: Admin) throws {
        let topics = ClusterTopics(admin: admin, configuration: configuration, logger: logger)
        let counts = try topics.partitionCounts()
        let topology = try self.topology.matching(topics.matchable(counts))
        let plan = try TopologyPlan(
            topology, applicationID: configuration.applicationID, partitionCounts: counts)
        try topics.requireOutputs(of: topology, among: counts)
        try topics.prepare(plan, existing: counts)
        CrashPoint.afterTopics.pass()
        let claims = TaskClaims()
        let pulse = Pulse(limit: configuration.sessionTimeout)
        // A topology of global stores alone has no tasks.
        let threads = plan.tasks.isEmpty ? 0 : configuration.threads
        let globals = topology.globalParts.isEmpty ? nil : GlobalTables(readers: threads)
        stores.open(plan, globals)
        let metrics = metrics ?? MetricsSystem.factory
        let contexts = (0..<threads).map { number in
            ThreadContext(
                topology: topology,
                plan: plan,
                configuration: configuration,
                directory: directory,
                admin: admin,
                claims: claims,
                globals: globals,
                stores: stores,
                pulse: pulse,
                pause: pauseSwitch,
                clientID: ClientID(
                    applicationID: configuration.applicationID,
                    processID: directory.processID,
                    thread: number,
                    endpoint: configuration.endpoint ?? "",
                    planHash: plan.hash
                ),
                logger: logger,
                metrics: metrics,
                report: { [life] in life.receive($1, from: $0) }
            )
        }
        logger.info(
            "starting",
            metadata: [
                "tasks": "\(plan.tasks.count)", "threads": "\(contexts.count)",
                "plan": "\(ClientID.text(of: plan.hash))", "process": "\(directory.processID)",
            ])
        life.launch(contexts + (globals.map { [$0] } ?? []))
        if let globals { launch(globals, of: topology, number: threads, directory, admin, metrics) }
        for context in contexts { Self.start(context) }
        watch(topics, plan, topology) { [weak self] in self?.relaunch(in: directory, admin) }
    }

    /// Starts the thread that fills the global tables; to the application it is the thread after the last stream thread.
    private func launch(
        _ tables: GlobalTables, of topology: Topology, number: Int, _ directory: StateDirectory, _ admin: Admin,
        _ metrics: any MetricsFactory
    ) {
        GlobalContext(
            topology: topology,
            configuration: configuration,
            directory: directory,
            admin: admin,
            tables: tables,
            processID: directory.processID,
            logger: logger,
            metrics: metrics,
            report: { [life] in life.receive($0, from: number) },
            interrupt: { [life] in life.interrupt($0) }
        ).launch()
    }

    private func stateDirectory() throws -> StateDirectory {
        try StateDirectory(
            root: configuration.stateDirectory, applicationID: configuration.applicationID,
            options: configuration.stateOptions)
    }

    /// Starts again after the threads have ended, on a thread of its own: what calls it is a thread that ends.
    private func relaunch(in directory: StateDirectory, _ admin: Admin) {
        Task {
            do {
                try await Self.onThread(named: "start") { try self.launch(in: directory, admin) }
            } catch {
                logger.error("the application did not start again", metadata: ["error": "\(error)"])
                life.fail(error)
            }
        }
    }

    /// librdkafka watches the leads only; the other topics that are read are watched here, and those that come to match a pattern.
    private func watch(
        _ topics: ClusterTopics, _ plan: TopologyPlan, _ planned: Topology, relaunch: @escaping @Sendable () -> Void
    ) {
        let interval = configuration.metadataInterval
        let watching = Task { [life, logger] in
            var missing: Set<String> = []
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: interval)
                    let before = missing
                    let matched = Set(planned.matchedTopics.values.joined())
                    let (now, isOutdated) = try await Self.onThread(named: "watch") {
                        () throws -> (Set<String>, Bool) in
                        let counts = try topics.partitionCounts()
                        let found = try planned.matches(among: topics.matchable(counts)).values.joined()
                        // One that is gone may be back the next time.
                        let gone = before.intersection(matched).subtracting(counts.keys)
                        if !gone.isEmpty || !matched.isSuperset(of: found) { return (before, true) }
                        let others = before.subtracting(matched)
                        return (try topics.requireUnchanged(plan, counts, missing: others), false)
                    }
                    missing = now
                    if isOutdated {
                        logger.info("topics that match a pattern have come or gone; planning anew")
                        return life.replan(relaunch)
                    }
                } catch let error as StreamsError
                    where error.code == .unequalPartitions || error.code == .missingTopic
                {
                    return life.interrupt(error)
                } catch {
                    // A broker that is away is the threads' business.
                }
            }
        }
        life.onEnd { watching.cancel() }
    }

    private func makeAdmin() throws(StreamsError) -> Admin {
        do throws(KafkaError) {
            return try Admin(configuration.admin(logger))
        } catch {
            throw StreamsError(.invalidConfiguration, "librdkafka refuses a setting", cause: error)
        }
    }

    private static func start(_ context: ThreadContext) {
        let thread = Thread {
            var failure: (any Error)?
            do {
                try StreamThread(context).run()
            } catch {
                failure = error
            }
            context.globals?.endReading()
            context.tell(.ended(failure))
        }
        thread.name = "stream-\(context.clientID.thread)"
        // Nodes call each other depth first.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Calls of librdkafka block; they must not hold a thread of Swift's pool.
    static func onThread<Value: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let thread = Thread { continuation.resume(with: Result { try body() }) }
            thread.name = name
            thread.start()
        }
    }
}
