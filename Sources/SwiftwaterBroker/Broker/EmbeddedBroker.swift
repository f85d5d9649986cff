// A single-node Kafka broker in this process: for development, samples and tests.
//
// The port is bound before anything is built that must know it; connections that arrive meanwhile wait in the backlog. One task
// serves all connections, each of which is a child task; shutting down cancels it, which ends every long poll, and closes the logs
// only when no request runs any more.

import Logging
public import ServiceLifecycle
import Synchronization

/// A single-node Kafka broker in this process, for development and tests. Production is a real cluster.
public final class EmbeddedBroker: Service {
    private struct Running {
        var port: Int
        var directory: DataDirectory
        var topics: TopicRegistry
        var groups: GroupCoordinator
        var router: RequestRouter
        var transactions: TransactionCoordinator
        var serving: Task<Void, Never>
        var cleaner: LogCleaner
        var cleaning: Task<Void, Never>
    }

    private enum State {
        case new
        case starting
        case running(Running)
        case stopped
    }

    /// What the broker was made with.
    public let configuration: Configuration
    /// What goes wrong on purpose, for tests.
    public let faults: BrokerFaults
    private let connections: ConnectionTable
    private let state = Mutex<State>(.new)

    /// Nothing is opened before `start`.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        connections = ConnectionTable()
        faults = BrokerFaults(connections: connections)
    }

    /// The port listened on, or nil while the broker does not run.
    public var port: Int? {
        state.withLock { state in
            if case .running(let running) = state { running.port } else { nil }
        }
    }

    /// What answers requests; nil while the broker does not run.
    var router: RequestRouter? {
        state.withLock { state in
            if case .running(let running) = state { running.router } else { nil }
        }
    }

    /// The value of a client's `bootstrap.servers`; nil while the broker does not run.
    public var bootstrapServers: String? { port.map { "\(advertisedHost):\($0)" } }

    private var advertisedHost: String {
        configuration.advertisedHost ?? (configuration.host == "0.0.0.0" ? "127.0.0.1" : configuration.host)
    }

    /// Recovers the logs and listens.
    ///
    /// - Returns: the port.
    @discardableResult
    public func start() async throws(BrokerError) -> Int {
        let isNew = state.withLock { state in
            guard case .new = state else { return false }
            state = .starting
            return true
        }
        guard isNew else { throw .alreadyStarted }
        do throws(BrokerError) {
            let running = try await launch()
            state.withLock { $0 = .running(running) }
            configuration.logger.info("broker listens", metadata: ["port": "\(running.port)"])
            return running.port
        } catch {
            state.withLock { $0 = .stopped }
            throw error
        }
    }

    private func launch() async throws(BrokerError) -> Running {
        let directory = try DataDirectory(path: configuration.dataDirectory)
        do throws(BrokerError) {
            let topics = try TopicRegistry(
                directory: directory.subdirectory("topics"), defaultPartitions: configuration.defaultPartitions,
                fsync: configuration.fsync)
            let producerIDs = try ProducerIDs(path: "\(directory.path)/producer-ids")
            let clusterID = try directory.clusterID()
            let groupsDirectory = try directory.subdirectory("groups")
            let transactionsDirectory = try directory.subdirectory("transactions")
            let server = try await BrokerServer.bind(configuration, connections)
            let endpoint = BrokerEndpoint(nodeID: 1, host: advertisedHost, port: Int32(server.port))
            let groups: GroupCoordinator
            let transactions: TransactionCoordinator
            do {
                groups = try GroupCoordinator(
                    directory: groupsDirectory, fsync: configuration.fsync, logger: configuration.logger,
                    surroundings: GroupCoordinator.Surroundings(
                        hasPartition: { topic, partition in topics.partition(topic, partition) != nil },
                        node: { (id: endpoint.nodeID, host: endpoint.host, port: endpoint.port) }))
                transactions = try TransactionCoordinator(
                    directory: transactionsDirectory, fsync: configuration.fsync, logger: configuration.logger,
                    groups: groups,
                    surroundings: TransactionCoordinator.Surroundings(
                        topics: topics, newProducerID: { () throws(BrokerError) in try producerIDs.take() }))
            } catch {
                await server.close()
                throw BrokerError.storage(path: directory.path, reason: "\(error)")
            }
            await transactions.recover()
            var router = RequestRouter()
            groups.register(on: &router)
            transactions.register(on: &router)
            RecordRoutes(topics: topics, logger: configuration.logger).register(on: &router)
            TopicRoutes(
                topics: topics, endpoint: endpoint, clusterID: clusterID, autoCreates: configuration.autoCreateTopics,
                onDelete: { await groups.topicDeleted($0) }
            ).register(on: &router)
            ConfigRoutes(topics: topics, endpoint: endpoint, autoCreates: configuration.autoCreateTopics)
                .register(on: &router)
            ClusterRoutes(endpoint: endpoint, clusterID: clusterID).register(on: &router)
            router.faults = faults
            let finished = router
            let serving = Task { await server.serve(finished) }
            let cleaner = LogCleaner(topics: topics, logger: configuration.logger, clock: configuration.clock)
            let intervals = (configuration.retentionInterval, configuration.compactionInterval)
            let cleaning = Task { await cleaner.run(retention: intervals.0, compaction: intervals.1) }
            return Running(
                port: server.port, directory: directory, topics: topics, groups: groups, router: finished,
                transactions: transactions, serving: serving, cleaner: cleaner, cleaning: cleaning)
        } catch {
            directory.close()
            throw error
        }
    }

    /// Cuts all connections, then closes the logs. Idempotent.
    public func shutdown() async {
        let running = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        await running.groups.shutdown()
        running.serving.cancel()
        await running.serving.value
        running.cleaning.cancel()
        await running.transactions.shutdown()
        running.topics.close()
        await running.cleaning.value
        running.directory.close()
    }

    /// Deletes what topics need not keep and compacts what may be compacted, now and not at the next interval.
    public func clean() async {
        let cleaner = state.withLock { state -> LogCleaner? in
            if case .running(let running) = state { running.cleaner } else { nil }
        }
        await cleaner?.retain()
        await cleaner?.compact(isForced: true)
    }

    /// Starts, unless that has been done, and shuts down with the service group.
    public func run() async throws {
        if port == nil { try await start() }
        do {
            try await gracefulShutdown()
        } catch {
            await shutdown()
            throw error
        }
        await shutdown()
    }
}
