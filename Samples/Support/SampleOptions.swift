package import ArgumentParser
import Foundation
import Logging
package import SwiftwaterKafka

/// The options that all samples on generated input have.
package struct SampleOptions: ParsableArguments {
    @Option(help: "Brokers to use instead of one inside this process, as host:port, separated by commas.")
    package var bootstrapServers: String?
    @Option(help: "The seed of the generated input.") package var seed: UInt64 = 1
    @Option(help: "Partitions of topics that are made.") package var partitions = 4
    @Option(help: "Stream threads.") package var threads = 2
    @Flag(help: "Count every record once, whatever fails.") package var exactlyOnce = false
    @Flag(name: .shortAndLong, help: "Log what happens, to standard error.") package var verbose = false

    package init() {}

    package func validate() throws {
        guard (1...1_000).contains(partitions) else { throw ValidationError("--partitions must be 1 to 1000.") }
        guard (1...64).contains(threads) else { throw ValidationError("--threads must be 1 to 64.") }
    }

    /// Runs a sample: errors are one line on standard error and exit status 1.
    package func run(
        _ name: String, _ body: (SampleCluster, _ configuration: StreamsConfiguration) async throws -> Void
    ) async throws {
        let level: Logger.Level = verbose ? .info : .error
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let directory = TemporaryDirectory(nil)
        defer { directory.remove() }
        do {
            try await SampleRun.withCluster(bootstrapServers) { cluster in
                var configuration = StreamsConfiguration(
                    // On brokers that stay, what an earlier run left in its internal topics is not to count.
                    applicationID: bootstrapServers == nil ? name : "\(name)-\(UInt32.random(in: .min ... .max))",
                    bootstrapServers: cluster.bootstrapServers.split(separator: ",").map(String.init))
                configuration.stateDirectory = directory.path
                configuration.threads = threads
                configuration.processingGuarantee = exactlyOnce ? .exactlyOnce : .atLeastOnce
                try await body(cluster, configuration)
            }
        } catch {
            FileHandle.standardError.write(Data("\(name): \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
