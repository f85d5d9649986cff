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

    private func main() async throws {
        typealias StreamsApplication = DrivenApplication
        var configuration = StreamsConfiguration(applicationID: "visits", bootstrapServers: ["localhost:9092"])
        configuration.stateDirectory = "state"
        let application = try StreamsApplication(visitsPerPage(), configuration: configuration)
        try await application.runService()
    }

    @Test func `the service`() async throws {
        try await confirmation { ran in
            try await DrivenApplication.$life.withValue({ driver in
                let visits = try driver.inputTopic("visits", key: .string, value: .string)
                // As the guide's shell has them.
                try visits.pipe([("ann", "/basket"), ("ben", "/basket"), ("ann", "/pay")])
                let counts = try driver.outputTopic("visits-per-page", key: .string, value: .string)
                #expect(try counts.readKeyValuesToMap() == ["/basket": "2", "/pay": "1"])
                ran()
            }) {
                try await main()
            }
        }
    }
}
