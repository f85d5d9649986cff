import ArgumentParser
import Foundation
import Logging
import SwiftwaterBroker

/// The embedded broker in its process, with a temporary data directory, until standard input ends: so it does not outlive
/// the benchmark, however that ends.
struct BrokerCommand: AsyncParsableCommand {
    static let role = "broker"

    func run() async throws {
        // Ctrl-C reaches every process of the terminal; this one still has a directory to remove.
        signal(SIGINT, SIG_IGN)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .warning
            return handler
        }
        let broker = EmbeddedBroker()
        try await broker.start()
        FileHandle.standardOutput.write(Data("\(broker.bootstrapServers ?? "")\n".utf8))
        await withCheckedContinuation { continuation in
            Thread {
                while !FileHandle.standardInput.availableData.isEmpty {}
                continuation.resume()
            }.start()
        }
        await broker.shutdown()
    }
}
