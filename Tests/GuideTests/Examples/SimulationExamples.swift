import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct SimulationExamples {
    @Test func `a seed`() throws {
        let builder = StreamsBuilder()
        builder.stream("words", key: .string, value: .string)
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("counts", key: .string, value: .int64)
        let topology = try builder.build()
        let words = (0..<80).map {
            Record(key: "k\($0 % 3)", value: "w\($0 % 2)", timestamp: Timestamp(milliseconds: $0))
        }

        var simulation = Simulation(topology, seed: 7, guarantee: .exactlyOnce)
        try simulation.input("words", key: .string, value: .string, words)
        let outcome = try simulation.run()
        let counts = try outcome.records(of: "counts", key: .string, value: .int64)
        #expect(counts.map(\.value).max() == 40)
    }
}
