import ArgumentParser
import Foundation
import Logging
import Swiftwater
import SwiftwaterKafka

/// A process of the reference application. What the director must know it prints as lines, the rest is its log.
struct WorkerCommand: AsyncParsableCommand {
    static let role = "worker"

    @Option var bootstrapServers: String
    @Option var prefix: String
    @Option var state: String
    @Option var guarantee: Guarantee
    @Option var threads = 1
    @Option var commitInterval = 100
    @Option var sessionTimeout = 6_000
    @Flag var cached = false

    func run() async throws {
        ParentDeath.endsThisProcess()
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .info
            return handler
        }
        let topics = ReferenceTopics(prefix: prefix)
        var configuration = StreamsConfiguration(
            applicationID: topics.application, bootstrapServers: bootstrapServers.split(separator: ",").map(String.init)
        )
        configuration.stateDirectory = state
        configuration.threads = threads
        configuration.processingGuarantee = guarantee.processing
        configuration.commitInterval = .milliseconds(commitInterval)
        configuration.sessionTimeout = .milliseconds(sessionTimeout)
        configuration.heartbeatInterval = .milliseconds(min(500, sessionTimeout / 4))
        configuration.maximumPollInterval = .seconds(30)
        configuration.restoreListener = RestoreLines()
        let application = try StreamsApplication(
            ReferenceTopology.build(topics, cached: cached), configuration: configuration)
        let states = Task { for await state in application.states() { WorkerLine.state(state.rawValue).say() } }
        do {
            try await application.runService()
            await states.value
        } catch {
            Report.note("the application ended: \(error)")
            throw ExitCode.failure
        }
    }
}

/// Tells the director what is restored and from where.
private struct RestoreLines: StateRestoreListener {
    func restoreStarted(_ restore: StateRestore) { WorkerLine.restoring(restore).say() }
    func restoreEnded(_ restore: StateRestore) { WorkerLine.restored(restore).say() }
}
