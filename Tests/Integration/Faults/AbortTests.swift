import Swiftwater
import SwiftwaterKafka
import Testing

/// What an application makes of a transaction that had to be aborted; never on a cluster of the user.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "is about the embedded broker"))
struct AbortTests {
    /// `numbers` gets each value with how many records its processor has seen, in memory of its own, and how many its store has.
    private func numbering(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        let seen = builder.addStateStore(.keyValue("seen", key: .string, value: .int64))
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
            .process(stores: [seen]) { (context: ProcessorContext<String?, String>) in
                let stored = try context.store(seen)
                var remembered = 0
                return { record in
                    remembered += 1
                    let total = (try stored.value(of: "all") ?? 0) + 1
                    try stored.set(total, of: "all")
                    try context.forward(record.with(value: "\(record.value) \(remembered) \(total)"))
                }
            }
            .to(fixture.topic("numbers"), key: .optional(.string), value: .string)
        return try builder.build()
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: ["refuse 29 api=AddPartitionsToTxn count=1", "refuse 30 api=AddOffsetsToTxn count=1"])
    func `S-97 R-09 an abort makes processors anew and takes the stores back to the last commit`(fault: String)
        async throws
    {
        try await FaultyBroker.with { broker in
            try await StreamsFixture.run(on: broker.cluster.bootstrapServers) { fixture in
                for topic in ["lines", "numbers"] { try await fixture.create(topic, partitions: 1) }
                let application = try fixture.application(try numbering(fixture)) {
                    $0.processingGuarantee = .exactlyOnce
                }
                try await application.start()
                try await fixture.produce(["a", "b"], to: "lines")
                try await fixture.waitUntilCommitted(["lines"], group: "app")
                let id = try await broker.tell(fault)
                try await fixture.produce(["c"], to: "lines")
                try await fixture.waitUntilCommitted(["lines"], group: "app")
                #expect(try await broker.tell("taken \(id)") == 1)
                try await fixture.produce(["d"], to: "lines")
                try await fixture.waitUntilCommitted(["lines"], group: "app")
                try await application.stop()
                let numbers = try await broker.cluster.records(of: fixture.topic("numbers")).compactMap(\.text)
                // The first try at c is aborted; a processor that lived on would call the second one its fourth record.
                #expect(numbers == ["a 1 1", "b 2 2", "c 1 3", "d 2 4"])
            }
        }
    }
}
