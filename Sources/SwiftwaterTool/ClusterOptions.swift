import ArgumentParser
import Foundation
import RDKafka

/// Where the cluster is, and how librdkafka is told.
struct ClusterOptions: ParsableArguments {
    @Option(
        name: .customLong("bootstrap-servers"),
        help: ArgumentHelp(
            "The cluster's addresses, as host:port,… (default: $KAFKA_BOOTSTRAP_SERVERS, else localhost:9092).",
            valueName: "addresses"))
    var bootstrapServers: String?

    @Option(
        name: [.customShort("X"), .customLong("property")],
        help: ArgumentHelp("A librdkafka property, as name=value; can be repeated.", valueName: "name=value"))
    var properties: [String] = []

    @Option(help: ArgumentHelp("How long to wait for an answer of the cluster.", valueName: "seconds"))
    var timeout = 10

    var addresses: String {
        if let bootstrapServers, !bootstrapServers.isEmpty { return bootstrapServers }
        if let value = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"], !value.isEmpty { return value }
        return "localhost:9092"
    }

    var limit: Duration { .seconds(timeout) }

    func validate() throws {
        guard timeout > 0 else { throw ValidationError("--timeout must be at least 1 second.") }
        for property in properties where !property.dropFirst().contains("=") {
            throw ValidationError("--property '\(property)' is not of the form name=value.")
        }
    }

    func configuration(_ own: [String: String] = [:]) -> KafkaConfiguration {
        var all = own
        all["bootstrap.servers"] = addresses
        for property in properties {
            let parts = property.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            all[String(parts[0])] = String(parts[1])
        }
        return KafkaConfiguration(all)
    }

    /// Runs the body; what Kafka refuses in it becomes one line with advice.
    func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as KafkaError {
            throw ToolError(error, addresses: addresses)
        }
    }
}
