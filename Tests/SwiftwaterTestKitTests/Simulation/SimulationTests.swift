import Swiftwater
import SwiftwaterTestKit
import Testing

/// Exactly-once, proved on a model of Kafka with the engine and the commit of production (Design/Runtime.md).
@Suite struct SimulationTests {
    /// Words are counted behind a repartition topic, and numbered by a second store.
    private static func topology() throws -> Topology {
        let builder = StreamsBuilder()
        let lines = builder.stream("lines", key: .string, value: .string)
        lines.groupBy(key: .string) { _, word in word }
            .count(as: Materialized("counts", cached: false))
            .toStream()
            .to("counts", key: .string, value: .int64)
        lines.groupByKey()
            .reduce(as: "longest") { $0.count >= $1.count ? $0 : $1 }
            .toStream()
            .to("longest", key: .string, value: .optional(.string))
        return try builder.build()
    }

    private static let lines: [Record<String, String>] = (0..<120).map { index in
        Record(key: "user-\(index % 7)", value: "word-\(index % 5)", timestamp: Timestamp(milliseconds: Int64(index)))
    }

    private static func run(
        seed: UInt64, guarantee: Simulation.Guarantee = .exactlyOnce, mutation: SimulationMutation? = nil
    ) throws -> SimulationOutcome {
        var simulation = Simulation(try topology(), seed: seed, guarantee: guarantee)
        simulation.mutation = mutation
        try simulation.input("lines", key: .string, value: .string, lines)
        return try simulation.run()
    }

    /// The counts that each word goes through: exactly 1, 2, 3 … when every record counts once.
    private static func countsByWord(_ outcome: SimulationOutcome) throws -> [String: [Int64]] {
        let records = try outcome.records(of: "counts", key: .string, value: .int64)
        return Dictionary(grouping: records, by: \.key).mapValues { $0.map(\.value) }
    }

    private static let expected = Dictionary(uniqueKeysWithValues: (0..<5).map { ("word-\($0)", Array(Int64(1)...24)) })

    @Test(arguments: 0..<25) func `TT-06 exactly-once: every record counts once, whatever fails`(block: UInt64) throws {
        for seed in block * 10..<(block + 1) * 10 {
            let counts = try Self.countsByWord(Self.run(seed: seed))
            #expect(counts == Self.expected, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<5) func `TT-06 at-least-once: no record is lost`(block: UInt64) throws {
        for seed in block * 10..<(block + 1) * 10 {
            let outcome = try Self.run(seed: seed, guarantee: .atLeastOnce)
            let counts = try Self.countsByWord(outcome)
            for word in 0..<5 { #expect(counts["word-\(word)"]?.max() ?? 0 >= 24, "seed \(seed)") }
        }
    }

    @Test func `the same seed gives the same run`() throws {
        #expect(try Self.countsByWord(Self.run(seed: 42)) == Self.countsByWord(Self.run(seed: 42)))
    }

    @Test(arguments: SimulationMutation.allCases) func `a mistake in the protocol is noticed`(
        mutation: SimulationMutation
    )
        throws
    {
        var noticed: String?
        for seed in UInt64(0)..<500 where noticed == nil {
            do {
                let outcome = try Self.run(seed: seed, mutation: mutation)
                if try Self.countsByWord(outcome) != Self.expected { noticed = "wrong counts with seed \(seed)" }
            } catch let failure as SimulationFailure {
                noticed = "\(failure)"
            }
        }
        print("simulation, \(mutation.rawValue): \(noticed ?? "not noticed")")
        #expect(noticed != nil)
    }
}
