import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// State that outlives the group's offsets: going on would count records twice.
@Suite(.integration) struct LostOffsetTests {
    private enum Loss: CaseIterable {
        case setBack
        case gone
    }

    @Test(.timeLimit(.minutes(3)), arguments: Loss.allCases)
    private func `an application whose offsets were lost says so and does not go on`(loss: Loss) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 1)
            try await fixture.create("counts", partitions: 1)
            let first = try fixture.application(fixture.wordCount())
            try await first.start()
            try await fixture.produce(["a b", "a c", "b a"], to: "lines")
            try await fixture.waitUntilCommitted(["lines", StreamsFixture.repartition], group: "app")
            try await first.stop()

            let partition = RDKafka.TopicPartition(fixture.topic(StreamsFixture.repartition), 0)
            try await Blocking.run {
                let admin = try Admin(KafkaConfiguration(["bootstrap.servers": fixture.servers]))
                let group = fixture.topic("app")
                switch loss {
                case .setBack:
                    _ = try admin.alterGroupOffsets(group, [PartitionOffset(partition, 1)], timeout: .seconds(20))
                case .gone: _ = try admin.deleteGroupOffsets(group, [partition], timeout: .seconds(20))
                }
            }
            let second = try fixture.application(fixture.wordCount())
            let error = await #expect(throws: StreamsError.self) { try await second.run() }
            #expect(error?.code == .offsets)
            #expect(error?.message.contains(loss == .gone ? "gone" : "set back") == true)
            #expect(try await fixture.lastCounts(in: "counts") == ["a": 3, "b": 2, "c": 1])
        }
    }
}
