import Foundation
import Metrics
import RDKafka
import Swiftwater
import SwiftwaterKafka

/// A topology on one stream thread, from the first record to the commit that covers the last.
///
/// What was processed is known from the runtime's own counter. As soon as that is everything the application is stopped, so that
/// its last commit is not waited for.
struct StreamsPart {
    private static let clock = ContinuousClock()

    let context: PartContext
    let topology: Topology
    /// Whether the output has the newest count of each key, or each record.
    let counts: Bool
    /// Default settings unless the part changes some.
    var configuration: StreamsConfiguration

    init(_ context: PartContext, _ topology: Topology, counts: Bool) {
        self.context = context
        self.topology = topology
        self.counts = counts
        configuration = StreamsConfiguration(
            applicationID: context.applicationID,
            bootstrapServers: context.addresses.split(separator: ",").map(String.init))
        configuration.stateDirectory =
            FileManager.default.temporaryDirectory.appendingPathComponent(context.applicationID).path
    }

    func measure() async throws -> Measurement {
        let processed = ProcessedRecords()
        MetricsSystem.bootstrap(BenchMetrics(processed: processed))
        defer { try? FileManager.default.removeItem(atPath: configuration.stateDirectory) }
        let application = try StreamsApplication(topology, configuration: configuration)
        let end = try await run(application, processed)
        guard let start = processed.start else { throw BenchError("the runtime counted no record") }
        let measurement = Measurement(context.part, records: context.options.records, from: start, to: end)
        try OutputCheck(context).check(counts: counts)
        return measurement
    }

    private func run(_ application: StreamsApplication, _ processed: ProcessedRecords) async throws -> Usage {
        try await withThrowingTaskGroup(of: Usage?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                let end = try await stop(application, after: processed)
                return end
            }
            var end: Usage?
            for try await result in group { end = end ?? result }
            guard let end else { throw BenchError("the application ended by itself") }
            return end
        }
    }

    private func stop(_ application: StreamsApplication, after processed: ProcessedRecords) async throws -> Usage {
        var progress = Progress(total: context.options.records)
        var (count, deadline) = (0, Self.clock.now + PartContext.patience)
        while processed.count < context.options.records {
            try await Task.sleep(for: .milliseconds(2))
            progress.reached(processed.count)
            if processed.count > count { (count, deadline) = (processed.count, Self.clock.now + PartContext.patience) }
            guard Self.clock.now < deadline else { throw BenchError("no record was processed for a minute") }
        }
        async let stopped: Void = application.stop()
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": context.addresses]))
        deadline = Self.clock.now + PartContext.patience
        while try committed(admin) < context.options.records {
            try await Task.sleep(for: .milliseconds(2))
            guard Self.clock.now < deadline else { throw BenchError("not all offsets were committed within a minute") }
        }
        let end = Usage.now
        try await stopped
        return end
    }

    private func committed(_ admin: Admin) throws -> Int {
        let offsets = try admin.groupOffsets(
            context.applicationID, context.inputPartitions, timeout: PartContext.patience)
        return offsets.reduce(0) { $0 + max(0, Int($1.offset)) }
    }
}
