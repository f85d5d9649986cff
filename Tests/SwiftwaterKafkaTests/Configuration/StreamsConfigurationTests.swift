import Configuration
import Logging
import RDKafka
import Swiftwater
import Testing

@testable import SwiftwaterKafka

struct StreamsConfigurationTests {
    private let sound = StreamsConfiguration(applicationID: "app", bootstrapServers: ["localhost:9092"])

    private func refusal(_ change: (inout StreamsConfiguration) -> Void) -> StreamsError? {
        var configuration = sound
        change(&configuration)
        return #expect(throws: StreamsError.self) { try configuration.validate() }
    }

    @Test func `the defaults are those of the design`() throws {
        try sound.validate()
        #expect(sound.sessionTimeout == .seconds(10))
        #expect(sound.heartbeatInterval == .milliseconds(500))
        #expect(sound.maximumPollInterval == .seconds(60))
        #expect(sound.commitInterval == .seconds(1))
    }

    @Test func `a setting that cannot work is named`() {
        #expect(refusal { $0.applicationID = "a b" }?.message.hasPrefix("applicationID") == true)
        #expect(refusal { $0.applicationID = "" }?.code == .invalidConfiguration)
        #expect(refusal { $0.bootstrapServers = [] }?.message.hasPrefix("bootstrapServers") == true)
        #expect(refusal { $0.threads = 0 }?.message.hasPrefix("threads") == true)
        #expect(refusal { $0.commitInterval = .zero }?.message.hasPrefix("commitInterval") == true)
        #expect(refusal { $0.heartbeatInterval = .seconds(4) }?.message.hasPrefix("heartbeatInterval") == true)
        #expect(refusal { $0.sessionTimeout = .seconds(61) }?.message.hasPrefix("sessionTimeout") == true)
        #expect(refusal { $0.librdkafka = ["group.id": "x"] }?.message.contains("group.id") == true)
        #expect(refusal { $0.endpoint = "a|b" }?.message.hasPrefix("endpoint") == true)
    }

    @Test func `librdkafka accepts what the clients are made with`() throws {
        let id = ClientID(applicationID: "app", processID: "p", thread: 0, endpoint: "", planHash: 1)
        let logger = Logger(label: "test")
        let consumer = try Consumer(sound.consumer(id, logger))
        let restorer = try Consumer(sound.restorer(id, logger))
        let producer = try Producer(sound.producer(id, logger))
        #expect(consumer.close(limit: .seconds(5)))
        #expect(restorer.close(limit: .seconds(5)))
        #expect(producer.close(limit: .seconds(5)))
    }

    @Test func `Kafka Streams' names are read`() throws {
        let reader = ConfigReader(
            provider: InMemoryProvider(values: [
                "application.id": "orders", "bootstrap.servers": "a:1, b:2", "commit.interval.ms": "250",
                "num.stream.threads": "3", "auto.offset.reset": "latest", "statestore.cache.max.bytes": "0",
                "metrics.recording.level": "DEBUG",
            ]))
        let configuration = try StreamsConfiguration(reader: reader)
        #expect(configuration.applicationID == "orders")
        #expect(configuration.bootstrapServers == ["a:1", "b:2"])
        #expect(configuration.commitInterval == .milliseconds(250))
        #expect(configuration.threads == 3)
        #expect(configuration.metricsRecordingLevel == .debug)
        #expect(configuration.offsetReset == .latest)
        #expect(!configuration.isCachingEnabled)
    }

    @Test func `a value that is no number is refused by name`() {
        let reader = ConfigReader(
            provider: InMemoryProvider(values: [
                "application.id": "orders", "bootstrap.servers": "a:1", "commit.interval.ms": "soon",
            ]))
        let error = #expect(throws: StreamsError.self) { try StreamsConfiguration(reader: reader) }
        #expect(error?.message.hasPrefix("commit.interval.ms") == true)
    }
}
