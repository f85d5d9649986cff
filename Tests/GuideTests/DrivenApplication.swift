import Swiftwater
import SwiftwaterKafka
import SwiftwaterTestKit

/// Stands in for the application of an example that would look for a broker on this machine: the same calls, but what runs is the
/// topology, on a driver that the test feeds.
///
/// An example takes it by `typealias StreamsApplication = DrivenApplication` above its own lines. The topology and the configuration
/// are those of a real application, which is made too and must accept them.
struct DrivenApplication {
    /// What the test does instead of a service's life.
    @TaskLocal static var life: @Sendable (TopologyTestDriver) throws -> Void = { _ in }

    private let application: StreamsApplication

    init(_ topology: Topology, configuration: StreamsConfiguration) throws {
        application = try StreamsApplication(topology, configuration: configuration)
    }

    func runService() async throws {
        try withTopologyTestDriver(application.topology, Self.life)
    }
}
