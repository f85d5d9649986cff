import Swiftwater
import SwiftwaterTestKit
import Testing

/// Deduplication through crashes, rebalances and lost answers: 120 records of 30 keys, of which the first of each counts.
@Suite struct DeduplicationSimulationTests {
    private static let clicks: [Record<String, String>] = (0..<120).map { index in
        Record(key: "user-\(index % 30)", value: "click-\(index)", timestamp: Timestamp(milliseconds: Int64(index)))
    }

    /// What was handed on, by key.
    private static func run(
        seed: UInt64, _ guarantee: Simulation.Guarantee, isRepartitioned: Bool
    ) throws -> [String: [String]] {
        let builder = StreamsBuilder()
        var clicks = builder.stream("clicks", key: .string, value: .string)
        if isRepartitioned { clicks = clicks.selectKey { key, _ in "\(key)!" } }
        clicks.deduplicateByKey(within: .seconds(60), deduplicated: Deduplicated(named: "once"))
            .to("first", key: .string, value: .string)
        var simulation = Simulation(try builder.build(), seed: seed, guarantee: guarantee)
        try simulation.input("clicks", key: .string, value: .string, Self.clicks)
        let first = try simulation.run().records(of: "first", key: .string, value: .string)
        return Dictionary(grouping: first, by: \.key).mapValues { $0.map(\.value) }
    }

    @Test(arguments: 0..<5, [false, true])
    func `K-18 exactly-once: the first record of a key is handed on once, whatever fails`(
        block: UInt64, isRepartitioned: Bool
    ) throws {
        let expected = Dictionary(
            uniqueKeysWithValues: (0..<30).map { ("user-\($0)\(isRepartitioned ? "!" : "")", ["click-\($0)"]) })
        for seed in block * 10..<(block + 1) * 10 {
            let first = try Self.run(seed: seed, .exactlyOnce, isRepartitioned: isRepartitioned)
            #expect(first == expected, "seed \(seed)")
        }
    }

    /// A member commits, stands still before it writes its stores, and asks where the changelog ends when another has written to it.
    @Test func `S-97 a store does not count as its own what another member has written since (seed 16)`() throws {
        let first = try Self.run(seed: 16, .exactlyOnce, isRepartitioned: false)
        #expect(first.count == 30)
    }

    @Test(arguments: 0..<5, [false, true])
    func `K-18 at-least-once: the first record of a key is not lost as a repetition of itself`(
        block: UInt64, isRepartitioned: Bool
    ) throws {
        for seed in block * 10..<(block + 1) * 10 {
            let first = try Self.run(seed: seed, .atLeastOnce, isRepartitioned: isRepartitioned)
            for user in 0..<30 {
                let handedOn = first["user-\(user)\(isRepartitioned ? "!" : "")"] ?? []
                #expect(!handedOn.isEmpty, "seed \(seed), user \(user)")
            }
        }
    }
}
