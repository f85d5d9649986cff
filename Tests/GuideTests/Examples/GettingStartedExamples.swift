public import Swiftwater
import SwiftwaterKafka
import SwiftwaterTestKit
import Testing

/// The topology of the guide; public, as it stands in a library there.
public func visitsPerPage() throws -> Topology {
    let builder = StreamsBuilder()
    builder.stream("visits", key: .string, value: .string)
        .groupBy(key: .string) { _, page in page }
        .count(as: "visits-per-page")
        .toStream()
        .mapValues { count in "\(count ?? 0)" }
        .to("visits-per-page", key: .string, value: .string)
    return try builder.build()
}

/// Compiled only: it would look for a broker on this machine.
func runVisits() async throws {
    var configuration = StreamsConfiguration(applicationID: "visits", bootstrapServers: ["localhost:9092"])
    configuration.stateDirectory = "state"
    let application = try StreamsApplication(visitsPerPage(), configuration: configuration)
    try await application.runService()
}

@Suite struct GettingStartedExamples {
    @Test func `each visit counts`() throws {
        try withTopologyTestDriver(visitsPerPage()) { driver in
            let visits = try driver.inputTopic("visits", key: .string, value: .string)
            let counts = try driver.outputTopic("visits-per-page", key: .string, value: .string)

            try visits.pipe("ann", "/basket")
            try visits.pipe("ben", "/basket")

            #expect(try counts.readValues() == ["1", "2"])
        }
    }
}
