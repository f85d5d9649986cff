import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// Topics that come to match while an application runs.
@Suite(.integration) struct PatternApplicationTests {
    /// `out` gets each record of all matching topics with how often its key came, over all of them.
    private func counting(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        let counts = builder.addStateStore(
            StateStore<KeyValueStore<String, Int64>>.keyValue("counts", key: .string, value: .int64))
        builder.stream(matching: "\(fixture.topic("orders"))-.*", key: .string, value: .string)
            .processValues(stores: [counts]) { (context: FixedKeyProcessorContext<String, Int64>) in
                let counts = try context.store(counts)
                return { record in
                    let count = (try counts.value(of: record.key) ?? 0) + 1
                    try counts.set(count, of: record.key)
                    try context.forward(record.with(value: count))
                }
            }
            .to(fixture.topic("counts"), key: .string, value: .int64)
        return try builder.build()
    }

    private func orders(_ keys: String) -> [Sent] {
        keys.enumerated().map { .text("", key: String($1), partition: $1 == "a" ? 0 : 1) }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `B-01 a topic that is made later is read too, by all processes, and no count is lost`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await StreamsFixture.run { fixture in
            let cluster = fixture.cluster
            for topic in ["orders-eu", "other", "counts"] { try await fixture.create(topic, partitions: 2) }
            try await cluster.send(orders("aab"), to: fixture.topic("orders-eu"))
            let applications = try ["a", "b"].map { directory in
                try fixture.application(counting(fixture), directory: directory) {
                    $0.processingGuarantee = guarantee
                    $0.metadataInterval = .milliseconds(300)
                }
            }
            for application in applications { try await application.start() }
            for application in applications { try await application.wait(for: .running) }
            try await fixture.waitUntilCommitted(["orders-eu"], group: "app")
            #expect(try await fixture.lastCounts(in: "counts") == ["a": 2, "b": 1])

            try await fixture.create("orders-us", partitions: 2)
            try await cluster.send(orders("ab"), to: fixture.topic("orders-us"))
            try await fixture.waitUntilCommitted(["orders-us"], group: "app")
            try await cluster.send(orders("bb"), to: fixture.topic("orders-eu"))
            try await fixture.waitUntilCommitted(["orders-eu", "orders-us"], group: "app")
            for application in applications { try await application.wait(for: .running) }
            for application in applications { try await application.stop() }
            #expect(try await fixture.lastCounts(in: "counts") == ["a": 3, "b": 4])
            #expect(applications.map(\.state) == [.stopped, .stopped])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `B-01 an application that no topic matches does not start`() async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(counting(fixture))
            let error = await #expect(throws: StreamsError.self) { try await application.run() }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.node == "KSTREAM-SOURCE-0000000000")
        }
    }
}
