import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// Handlers and the dead-letter topic in a running application; what they decide is tested on the test driver.
@Suite(.integration) struct HandlerTests {
    private struct Unlucky: Error {}

    /// Passes words on, throws for "unlucky".
    private func passing(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
            .mapValues { word in
                if word == "unlucky" { throw Unlucky() }
                return word
            }
            .to(fixture.topic("words"), key: .optional(.string), value: .string)
        return try builder.build()
    }

    private func running(
        _ fixture: StreamsFixture, _ values: [String], _ change: @escaping (inout StreamsConfiguration) -> Void
    ) async throws {
        for topic in ["lines", "words", "dead"] { try await fixture.create(topic, partitions: 1) }
        try await fixture.produce(values, to: "lines")
        let application = try fixture.application(try passing(fixture), change)
        try await application.start()
        try await fixture.waitUntilCommitted(["lines"], group: "app")
        try await application.stop()
    }

    @Test func `E-02 E-04 a record for which a function throws goes to the dead-letter topic, the others go on`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await running(fixture, ["a", "unlucky", "b"]) {
                $0.processingHandler = .logAndContinue
                $0.deadLetterTopic = fixture.topic("dead")
            }
            let cluster = fixture.cluster
            #expect(try await cluster.records(of: fixture.topic("words")).compactMap(\.text) == ["a", "b"])
            let letters = try await cluster.records(of: fixture.topic("dead"))
            #expect(letters.compactMap(\.text) == ["unlucky"])
            let headers = Dictionary(
                (letters.first?.headers ?? []).map { ($0.name, $0.value.map { String(decoding: $0, as: UTF8.self) }) },
                uniquingKeysWith: { first, _ in first })
            #expect(headers["__streams.errors.topic"] == fixture.topic("lines"))
            #expect(headers["__streams.errors.offset"] == "1")
        }
    }

    @Test func `E-04 a dead-letter topic that does not exist is an error at the start`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["lines", "words"] { try await fixture.create(topic, partitions: 1) }
            let application = try fixture.application(try passing(fixture)) {
                $0.deadLetterTopic = fixture.topic("dead")
            }
            let error = await #expect(throws: StreamsError.self) { try await application.run() }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.topic == fixture.topic("dead"))
        }
    }

    @Test(arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `E-03 E-08 a record too large to be sent is left out when the handler says so`(guarantee: ProcessingGuarantee)
        async throws
    {
        try await StreamsFixture.run { fixture in
            let large = String(repeating: "x", count: 2_000)
            try await running(fixture, ["a", large, "b"]) {
                $0.processingGuarantee = guarantee
                $0.productionHandler = .logAndContinue
                // The fewest bytes that librdkafka can be told to send.
                $0.librdkafka["message.max.bytes"] = "1000"
            }
            #expect(
                try await fixture.cluster.records(of: fixture.topic("words")).compactMap(\.text)
                    == ["a", "b"])
        }
    }

    @Test func `E-03 E-08 a record that the broker refuses is left out when the handler says so`() async throws {
        try await StreamsFixture.run { fixture in
            let cluster = fixture.cluster
            let words = NewTopic(
                fixture.topic("words"), partitions: 1, configuration: ["max.message.bytes": "500"])
            try await Blocking.run {
                try cluster.admin().createTopics([words], timeout: TestCluster.limit).check()
            }
            try await fixture.create("lines", partitions: 1)
            try await fixture.produce(["a", String(repeating: "x", count: 2_000)], to: "lines")
            let application = try fixture.application(try passing(fixture)) {
                $0.productionHandler = .logAndContinue
            }
            try await application.start()
            // The refused record travels in a batch of its own, or others would be refused with it.
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await fixture.produce(["b"], to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await application.stop()
            let texts = try await cluster.records(of: fixture.topic("words")).compactMap(\.text)
            #expect(texts.last == "b")
            #expect(texts.allSatisfy { $0.count == 1 })
        }
    }

    @Test func `E-03 without a handler that goes on, a refused record ends the application and names its topic`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            let words = NewTopic(
                fixture.topic("words"), partitions: 1, configuration: ["max.message.bytes": "500"])
            let cluster = fixture.cluster
            try await Blocking.run {
                try cluster.admin().createTopics([words], timeout: TestCluster.limit).check()
            }
            try await fixture.create("lines", partitions: 1)
            try await fixture.produce([String(repeating: "x", count: 2_000)], to: "lines")
            let application = try fixture.application(try passing(fixture))
            let error = await #expect(throws: StreamsError.self) { try await application.run() }
            #expect(error?.code == .production)
            #expect(error?.place.topic == fixture.topic("words"))
            #expect(error?.place.node?.hasPrefix("KSTREAM-SINK") == true)
        }
    }
}
