import ArgumentParser
import Foundation
import Logging
import SwiftwaterBroker

/// The embedded broker in its process, until it is killed: it has nothing to lose but what it has not acknowledged.
struct BrokerCommand: AsyncParsableCommand {
    static let role = "broker"

    @Option var data: String
    @Option var port: Int

    func run() async throws {
        ParentDeath.endsThisProcess()
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .info
            return handler
        }
        let broker = EmbeddedBroker(configuration: .init(dataDirectory: data, port: port))
        let bound = try await broker.start()
        Report.line("\(BrokerProcess.greeting)\(bound)")
        let faults = broker.faults
        Thread {
            while let line = readLine() {
                do {
                    faults.apply(try FaultCommand(line))
                } catch {
                    Report.note("cannot do '\(line)': \(error)")
                }
            }
        }.start()
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
