import ArgumentParser
import Logging
import ServiceLifecycle
import SwiftwaterBroker
import UnixSignals

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker", abstract: "Run a single-node Kafka broker, for development and tests.",
        discussion: """
            It serves every Kafka client until SIGINT or SIGTERM. For one machine: production is a real Kafka cluster.

            Examples:
              swiftwater broker --data ./data --port 9092
              swiftwater broker --data ./data --port 9092 --host 0.0.0.0 --advertised-host build.example.org
            """)

    @Option(help: ArgumentHelp("Where topics and offsets are kept; made if missing.", valueName: "directory"))
    var data: String
    @Option(help: "The port to listen on; 0 takes any free one.") var port = 9092
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The name that clients are told to connect to (default: the host).") var advertisedHost: String?
    @Option(help: "How many partitions a topic gets that is made without a number.") var partitions = 1
    @Flag(help: "Asking for a missing topic makes it.") var autoCreateTopics = false
    @Flag(help: "Acknowledge only what is on the disk: survives a power failure, and is slow.") var fsync = false
    @Option(
        help: ArgumentHelp(
            "How often to look for records to delete and to compact (default: 300 and 15).", valueName: "seconds"))
    var cleanupInterval: Int?
    @Flag(
        help: ArgumentHelp(
            "Take faults from standard input, for tests.",
            discussion: """
                One a line, answered by one line each: 'ok', perhaps with a number, or 'error' and why. For example:
                  refuse 6 api=Produce topic=counts client=app- count=3
                  misreport 46 api=Produce count=1
                  delay 500ms api=Fetch
                  cut count=1 / lose-answer api=EndTxn count=1 / hold client=app- / disconnect client=app-
                  taken 1 (how many requests the fault 'ok 1' has had) / clear
                """))
    var faultsFromInput = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard partitions > 0 else { throw ValidationError("--partitions must be at least 1.") }
        if let cleanupInterval, cleanupInterval < 1 { throw ValidationError("--cleanup-interval must be at least 1.") }
        guard !data.isEmpty else { throw ValidationError("--data must name a directory.") }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var configuration = EmbeddedBroker.Configuration(dataDirectory: data, port: port)
        configuration.host = host
        configuration.advertisedHost = advertisedHost
        configuration.autoCreateTopics = autoCreateTopics
        configuration.defaultPartitions = partitions
        configuration.fsync = fsync
        if let cleanupInterval {
            configuration.retentionInterval = .seconds(cleanupInterval)
            configuration.compactionInterval = .seconds(cleanupInterval)
        }
        let broker = EmbeddedBroker(configuration: configuration)
        try await broker.start()
        StandardStreams.note("broker listens on \(broker.bootstrapServers ?? host); Ctrl-C ends it")
        if faultsFromInput { FaultReader(faults: broker.faults).start() }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        for await _ in signals { break }
        await broker.shutdown()
    }
}
