import Foundation
import Swiftwater
import SwiftwaterBroker
package import SwiftwaterKafka

/// What all samples do around their topology.
package enum SampleRun {
    /// Runs on the brokers that the user named, or on one inside this process that is gone afterwards.
    package static func withCluster(
        _ bootstrapServers: String?, _ body: (SampleCluster) async throws -> Void
    ) async throws {
        if let bootstrapServers { return try await body(SampleCluster(bootstrapServers: bootstrapServers)) }
        let broker = EmbeddedBroker()
        try await broker.start()
        do {
            try await body(SampleCluster(bootstrapServers: broker.bootstrapServers ?? ""))
        } catch {
            await broker.shutdown()
            throw error
        }
        await broker.shutdown()
    }

    /// Starts the application, and stops it when it has committed all that its topics hold.
    ///
    /// - Parameter whileRunning: is given the application before it is stopped.
    package static func untilCaughtUp(
        _ application: StreamsApplication,
        on cluster: SampleCluster,
        whileRunning: (StreamsApplication) async throws -> Void = { _ in }
    ) async throws {
        let running = Task { try await application.run() }
        try await withTaskCancellationHandler {
            try await waitUntilCaughtUp(application, on: cluster)
            try await whileRunning(application)
        } onCancel: {
            running.cancel()
        }
        try await application.stop()
        try await running.value
    }

    /// Returns when the application has committed all that its topics hold.
    package static func waitUntilCaughtUp(_ application: StreamsApplication, on cluster: SampleCluster) async throws {
        let group = application.configuration.applicationID
        let topics = application.topology.nodes.flatMap { node -> [String] in
            guard case .source(let topics, let isInternal) = node.kind else { return [] }
            return topics.map { isInternal ? "\(group)-\($0)" : $0 }
        }
        while true {
            // An application that failed to start or died says why.
            if [.failed, .stopped].contains(application.state) { return try await application.stop() }
            if try await Blocking.run({ try cluster.isCaughtUp(group: group, topics: topics) }) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
