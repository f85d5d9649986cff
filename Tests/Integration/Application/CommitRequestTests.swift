import Swiftwater
import SwiftwaterKafka
import Synchronization
import Testing

/// Commits that nobody's interval brings about.
@Suite(.integration) struct CommitRequestTests {
    @Test(.timeLimit(.minutes(2)), arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `R-07 P-06 S-47 a commit that a processor asks for is made long before the interval, for all tasks`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("out", partitions: 1)
            let seen = Mutex<[String]>([])
            let builder = StreamsBuilder()
            builder.stream(fixture.topic("lines"), key: .optional(.string), value: .string)
                .processValues { (context: FixedKeyProcessorContext<String?, String>) in
                    { record in
                        if record.value == "commit" { context.requestCommit() }
                        try context.forward(record)
                        seen.withLock { $0.append(record.value) }
                    }
                }
                .to(fixture.topic("out"), key: .optional(.string), value: .string)
            let application = try fixture.application(try builder.build()) {
                $0.processingGuarantee = guarantee
                $0.commitInterval = .seconds(600)
                $0.transactionTimeout = .seconds(840)
                $0.maximumPollInterval = .seconds(1_200)
            }
            try await application.start()
            // One to each task.
            try await fixture.produce(["a", "b"], to: "lines")
            try await eventually("both records are processed") { seen.withLock { $0.count } == 2 }
            #expect(try await fixture.standing(of: "lines", group: "app").map(\.committed) == [0, 0])

            try await fixture.produce(["commit"], to: "lines")
            try await fixture.waitUntilCommitted(["lines"], group: "app")
            #expect(try await fixture.standing(of: "lines", group: "app").map(\.committed).allSatisfy { $0 > 0 })
            try await application.stop()
            #expect(
                try await fixture.cluster.records(of: fixture.topic("out")).compactMap(\.text).sorted()
                    == ["a", "b", "commit"])
        }
    }
}
