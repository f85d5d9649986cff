import ArgumentParser
import Foundation
import Logging
import SampleSupport
import Swiftwater
import SwiftwaterKafka

@main
struct WordCountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "WordCount",
        abstract: "Count the words of text files by way of Kafka topics.",
        discussion: """
            Loads the lines of the files into a topic, runs a topology that counts their words in state stores, and prints the \
            most frequent ones. Words are runs of the letters A to Z; case does not matter. Without --bootstrap-servers a broker \
            is started inside this process and everything is thrown away at the end.

            Several processes share the work if each is started with --worker and the same broker:
              swiftwater broker --data ./data --port 9092
              WordCount --worker --bootstrap-servers localhost:9092 --state ./state-1
              WordCount --worker --bootstrap-servers localhost:9092 --state ./state-2
            """
    )

    @Argument(
        help: ArgumentHelp("Files to count (default: Debian's licence texts, else README.md).", valueName: "file"))
    var files: [String] = []
    @Flag(help: "Print every word, not only the most frequent.") var all = false
    @Flag(help: "Only run the topology, until SIGTERM or SIGINT; others load lines and read the counts.") var worker =
        false
    @Option(help: "Brokers to use instead of one inside this process, as host:port, separated by commas.")
    var bootstrapServers: String?
    @Option(help: "The consumer group, and the prefix of internal topics.") var applicationID = "word-count"
    @Option(help: "The topic that holds the lines.") var lines = "lines"
    @Option(help: "The topic that gets the counts.") var counts = "words-with-counts"
    @Option(help: "Partitions of topics that are made.") var partitions = 4
    @Option(help: "Stream threads of this process.") var threads = 2
    @Option(help: ArgumentHelp("Where state is kept (default: a temporary directory).", valueName: "directory"))
    var state: String?
    @Option(help: "Milliseconds between commits.") var commitInterval = 1_000
    @Flag(name: .shortAndLong, help: "Log what happens, to standard error.") var verbose = false

    func validate() throws {
        guard (1...10_000).contains(partitions) else { throw ValidationError("--partitions must be 1 to 10000.") }
        guard !worker || bootstrapServers != nil else {
            throw ValidationError("--worker needs --bootstrap-servers: a broker that other processes reach too.")
        }
        guard !worker || files.isEmpty else { throw ValidationError("A --worker loads no files.") }
        guard commitInterval > 0 else { throw ValidationError("--commit-interval must be at least 1.") }
    }

    func run() async throws {
        let level: Logger.Level = verbose || worker ? .info : .error
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        do {
            if worker { try await runWorker() } else { try await runJob() }
        } catch {
            FileHandle.standardError.write(Data("WordCount: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }

    private var topics: WordCountTopology.Topics { .init(lines: lines, counts: counts) }

    private func configuration(_ servers: String, _ directory: String) -> StreamsConfiguration {
        var configuration = StreamsConfiguration(
            applicationID: applicationID, bootstrapServers: servers.split(separator: ",").map(String.init))
        configuration.stateDirectory = directory
        configuration.threads = threads
        configuration.commitInterval = .milliseconds(commitInterval)
        return configuration
    }

    private func runWorker() async throws {
        let directory = TemporaryDirectory(state)
        defer { directory.remove() }
        let application = try StreamsApplication(
            WordCountTopology.build(topics), configuration: configuration(bootstrapServers ?? "", directory.path))
        try await application.runService()
    }

    private func runJob() async throws {
        let texts = try InputFiles(files)
        let directory = TemporaryDirectory(state)
        defer { directory.remove() }
        try await SampleRun.withCluster(bootstrapServers) { cluster in
            try await WordCountJob(self, on: cluster).run(texts, state: directory)
        }
    }

    /// What the job is made of, for ``WordCountJob``.
    func makeApplication(_ servers: String, _ directory: String) throws -> StreamsApplication {
        try StreamsApplication(WordCountTopology.build(topics), configuration: configuration(servers, directory))
    }
}
