import Foundation
import Swiftwater
import SwiftwaterKafka
import Testing

/// What a running application knows of the records that it has handed on.
@Suite(.integration) struct DeduplicationApplicationTests {
    @Test(.timeLimit(.minutes(2)), arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `K-18 X-31 A-18 what was handed on is known after a restart, on another machine from the changelog`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["payments", "once"] { try await fixture.create(topic, partitions: 1) }
            let builder = StreamsBuilder()
            builder.stream(fixture.topic("payments"), key: .string, value: .string)
                .deduplicateByKeyValue(
                    within: .seconds(3_600), deduplicated: Deduplicated(named: "payments-once")
                ) { _, id in id }
                .to(fixture.topic("once"), key: .string, value: .string)
            let topology = try builder.build()
            let cluster = fixture.cluster
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            for (directory, ids) in [("a", ["1", "2", "1"]), ("a", ["2", "3"]), ("b", ["1", "2", "3", "4"])] {
                try await cluster.send(
                    ids.map { Sent.text($0, key: "ann", timestamp: now) }, to: fixture.topic("payments"))
                let application = try fixture.application(topology, directory: directory) {
                    $0.processingGuarantee = guarantee
                }
                try await application.start()
                try await fixture.waitUntilCommitted(["payments"], group: "app")
                try await application.stop()
            }
            let once = try await cluster.records(of: fixture.topic("once"))
            #expect(once.compactMap(\.text) == ["1", "2", "3", "4"])
            #expect(once.allSatisfy { $0.keyText == "ann" && $0.timestamp == now })
        }
    }
}
