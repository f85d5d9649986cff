import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// What an application is given that it cannot work with: one typed error that says what, where and what to do.
@Suite(.integration) struct BadInputTests {
    private func failure(_ body: () async throws -> Void) async -> StreamsError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StreamsError
        }
    }

    @Test func `a topic that does not exist is named`() async throws {
        try await StreamsFixture.run { fixture in
            let application = try fixture.application(try fixture.wordCount())
            let error = await failure { try await application.run() }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.topic == fixture.topic("lines"))
            #expect(application.state == .failed)
        }
    }

    @Test func `a topic to write to that does not exist is named`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            let error = await failure { try await fixture.application(try fixture.wordCount()).run() }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.topic == fixture.topic("counts"))
        }
    }

    @Test func `a broker that is not there is told within the request time-out`() async throws {
        try await StreamsFixture.run { fixture in
            let application = try fixture.application(try fixture.wordCount()) {
                $0.bootstrapServers = ["127.0.0.1:1"]
                $0.requestTimeout = .seconds(1)
            }
            let error = await failure { try await application.run() }
            #expect(error?.code == .brokerUnreachable)
            #expect(error?.message.contains("127.0.0.1:1") == true)
        }
    }

    @Test func `a second process on one state directory is refused`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            let first = try fixture.application(try fixture.wordCount())
            try await first.start()
            let second = try fixture.application(try fixture.wordCount())
            let error = await failure { try await second.run() }
            #expect(error?.code == .stateDirectory)
            try await first.stop()
        }
    }

    @Test func `S-109 R-10 an internal topic with another partition count is refused`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            try await fixture.create("app-counts-changelog", partitions: 5)
            let error = await failure { try await fixture.application(try fixture.wordCount()).run() }
            #expect(error?.code == .unequalPartitions)
            #expect(error?.place.topic == fixture.topic("app-counts-changelog"))
        }
    }

    @Test func `S-109 a source that gets more partitions while keys are counted ends the application`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(try fixture.wordCount()) {
                $0.metadataInterval = .milliseconds(50)
            }
            try await application.start()
            try await application.wait(for: .running)
            try await fixture.grow("lines", to: 3)
            let error = await failure { try await application.wait(for: .stopped) }
            #expect(error?.code == .unequalPartitions)
            #expect(error?.place.topic == fixture.topic("lines"))
        }
    }

    /// Reads numbers as text of exactly eight bytes: what is shorter cannot be read.
    private func numbers(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .int64)
            .map { _, value in ("n", value) }
            .to(fixture.topic("counts"), key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `E-01 a record that cannot be read ends the application, which says where it is`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            try await fixture.produce(["abcdefgh", "bad"], to: "lines")
            let error = await failure { try await fixture.application(try numbers(fixture)).run() }
            #expect(error?.code == .deserialization)
            #expect(error?.place.topic == fixture.topic("lines"))
            #expect(error?.place.partition == 0)
            #expect(error?.place.offset == 1)
        }
    }

    @Test func `S-08 with a handler that goes on, the offset of a record that cannot be read is committed`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            try await fixture.produce(["abcdefgh", "bad"], to: "lines")
            let application = try fixture.application(try numbers(fixture)) {
                $0.deserializationHandler = LogAndContinueDeserialization()
            }
            try await application.start()
            // The bad record is the last: its offset moves on although nothing after it was processed.
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            try await application.stop()
            #expect(try await fixture.counts(in: "counts").count == 1)
        }
    }
}
