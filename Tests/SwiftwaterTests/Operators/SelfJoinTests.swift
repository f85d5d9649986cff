import SwiftwaterTestKit
import Testing

@testable import Swiftwater

@Suite struct SelfJoinTests {
    private static func topology(_ windows: JoinWindows, optimizing: TopologyOptimizations) throws -> Topology {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .optional(.string), value: .optional(.string))
        stream.join(stream, windows) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
        return try builder.build(optimizing: optimizing)
    }

    @Test func `TP-04 J-04 an inner join of a stream with itself keeps one store`() throws {
        let windows = JoinWindows.within(.seconds(5))
        #expect(try Self.topology(windows, optimizing: .singleStoreSelfJoin).stores.count == 1)
        #expect(try Self.topology(windows, optimizing: []).stores.count == 2)
    }

    @Test func `TP-04 a left join with itself, or a join with another stream, keeps two`() throws {
        let left = StreamsBuilder()
        let stream = left.stream("in", key: .string, value: .string)
        stream.leftJoin(stream, .within(.seconds(5))) { "\($0)+\($1 ?? "")" }
            .to("out", key: .string, value: .string)
        #expect(try left.build(optimizing: .singleStoreSelfJoin).stores.count == 3)
        let other = StreamsBuilder()
        other.stream("in", key: .string, value: .string)
            .join(other.stream("other", key: .string, value: .string), .within(.seconds(5))) { "\($0)+\($1)" }
            .to("out", key: .string, value: .string)
        #expect(try other.build(optimizing: .singleStoreSelfJoin).stores.count == 2)
    }

    @Test func `TP-04 one topic read twice is one stream, and so is one that is repartitioned for both sides`() throws {
        let twice = StreamsBuilder()
        twice.stream("in", key: .string, value: .string)
            .join(twice.stream("in", key: .string, value: .string), .within(.seconds(5))) { "\($0)+\($1)" }
            .to("out", key: .string, value: .string)
        #expect(try twice.build(optimizing: .singleStoreSelfJoin).stores.count == 1)
        let selected = StreamsBuilder()
        let stream = selected.stream("in", key: .string, value: .string).selectKey { _, value in value }
        stream.join(stream, .within(.seconds(5))) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
        let topology = try selected.build(optimizing: .singleStoreSelfJoin)
        #expect(topology.stores.count == 1)
        #expect(topology.repartitionTopics.map(\.name) == ["KSTREAM-KEY-SELECT-0000000001-repartition"])
    }

    @Test func `S-76 one store gives the results of two in their order`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("SelfJoinTests: seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let windows = JoinWindows(
                before: .milliseconds(Int.random(in: 0...8, using: &random)),
                after: .milliseconds(Int.random(in: 0...8, using: &random)),
                // Without grace the second store loses matches at the very edge of the window, the one store does not.
                grace: .milliseconds(Int.random(in: 1...20, using: &random))
            )
            let one = try TopologyTestDriver(Self.topology(windows, optimizing: .singleStoreSelfJoin))
            let two = try TopologyTestDriver(Self.topology(windows, optimizing: []))
            // Ahead by and by: a record that the stores have lost already is Kafka's business, see the recordings.
            var base: Int64 = 0
            for step in 0..<Int.random(in: 1...20, using: &random) {
                base += Int64.random(in: 0...6, using: &random)
                let record = Record<String?, String?>(
                    key: Int.random(in: 0..<10, using: &random) == 0
                        ? nil : "k\(Int.random(in: 0..<2, using: &random))",
                    value: Int.random(in: 0..<10, using: &random) == 0 ? nil : "v\(step)",
                    timestamp: Timestamp(
                        rawValue: max(
                            0, base - Int64.random(in: 0...max(1, windows.grace.milliseconds), using: &random)))
                )
                var told: [[Record<String, String>]] = []
                for driver in [one, two] {
                    try driver.inputTopic("in", key: .optional(.string), value: .optional(.string)).pipe(record)
                    told.append(try driver.outputTopic("out", key: .string, value: .string).readRecords())
                }
                try #require(told[0] == told[1], "seed \(seed)")
            }
            try #require(one.droppedRecords.values.reduce(0, +) * 2 == two.droppedRecords.values.reduce(0, +))
        }
    }
}
