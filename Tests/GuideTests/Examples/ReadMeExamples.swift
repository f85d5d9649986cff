import Swiftwater
import SwiftwaterKafka

/// Compiled only: it would look for a broker on this machine.
func readMe() async throws {
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
