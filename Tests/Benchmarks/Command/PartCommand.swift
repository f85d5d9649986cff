import ArgumentParser
import Foundation
import Logging

/// One part in its process; its measurement is one line of JSON on standard output.
struct PartCommand: AsyncParsableCommand {
    static let role = "part"

    @Argument var part: Part
    @OptionGroup var workload: WorkloadOptions
    @Option var bootstrapServers: String
    @Option var run: String

    func run() async throws {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .warning
            return handler
        }
        let context = PartContext(part: part, options: workload, addresses: bootstrapServers, run: run)
        let measurement = try await part.measure(context)
        print(String(decoding: try JSONEncoder().encode(measurement), as: UTF8.self))
    }
}
