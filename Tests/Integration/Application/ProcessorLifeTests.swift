import Swiftwater
import SwiftwaterKafka
import Synchronization
import Testing

/// When a running application makes and closes processors.
@Suite(.integration) struct ProcessorLifeTests {
    private final class Counter: Sendable {
        private let number = Mutex(0)

        var count: Int { number.withLock { $0 } }

        func add() { number.withLock { $0 += 1 } }
    }

    /// Numbers records on from what the store says when the processor is made.
    private func numbering(_ fixture: StreamsFixture, _ closed: Counter) throws -> Topology {
        let builder = StreamsBuilder()
        let last = builder.addStateStore(.keyValue("last", key: .string, value: .int64))
        builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
            .process(stores: [last]) { (context: ProcessorContext<String?, String>) in
                let stored = try context.store(last)
                var number = try stored.value(of: "number") ?? 0
                context.onClose { closed.add() }
                return { record in
                    number += 1
                    try stored.set(number, of: "number")
                    try context.forward(record.with(value: "\(record.value) \(number)"))
                }
            }
            .to(fixture.topic("numbers"), key: .optional(.string), value: .string)
        return try builder.build()
    }

    @Test(.timeLimit(.minutes(2)))
    func `P-02 a processor is made when its stores are restored, and closed when its task is`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["lines", "numbers"] { try await fixture.create(topic, partitions: 1) }
            // The second directory is empty: the store comes from its changelog.
            for (directory, lines) in [("a", ["a", "b"]), ("b", ["c"])] {
                let closed = Counter()
                let application = try fixture.application(try numbering(fixture, closed), directory: directory)
                try await application.start()
                try await fixture.produce(lines, to: "lines")
                try await fixture.waitUntilCommitted(["lines"], group: "app")
                #expect(closed.count == 0)
                try await application.stop()
                #expect(closed.count == 1)
            }
            let numbers = try await fixture.cluster.records(of: fixture.topic("numbers"))
            #expect(numbers.compactMap(\.text) == ["a 1", "b 2", "c 3"])
        }
    }
}
