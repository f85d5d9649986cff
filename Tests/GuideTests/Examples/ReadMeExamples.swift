import Swiftwater
import SwiftwaterKafka
import SwiftwaterTestKit
import Testing

@Suite struct ReadMeExamples {
    private func readMe() async throws {
        typealias StreamsApplication = DrivenApplication
        let builder = StreamsBuilder()
        builder.stream("lines", key: .string, value: .string)
            .flatMapValues { $0.lowercased().split { !$0.isLetter }.map(String.init) }
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("words-with-counts", key: .string, value: .int64)

        let configuration = StreamsConfiguration(applicationID: "word-count", bootstrapServers: ["localhost:9092"])
        let application = try StreamsApplication(builder.build(), configuration: configuration)
        try await application.runService()  // until SIGTERM: then it commits, leaves the group and returns
    }

    @Test func `words are counted`() async throws {
        try await confirmation { ran in
            try await DrivenApplication.$life.withValue({ driver in
                try driver.inputTopic("lines", key: .string, value: .string).pipe("1", "Hello, hello world!")
                let counts = try driver.outputTopic("words-with-counts", key: .string, value: .int64)
                #expect(try counts.readKeyValuesToMap() == ["hello": 2, "world": 1])
                ran()
            }) {
                try await readMe()
            }
        }
    }
}
