import SwiftwaterKafka
import Testing

@Suite struct ExactlyOnceExamples {
    @Test func `the setting`() throws {
        var configuration = StreamsConfiguration(applicationID: "payments", bootstrapServers: ["localhost:9092"])
        configuration.processingGuarantee = .exactlyOnce
        configuration.stateDirectory = "/var/lib/payments"
        try configuration.validate()
        #expect(configuration.commitInterval == .milliseconds(100))
    }
}
