import Swiftwater
import Testing

@Suite struct GoldenTests {
    @Test(arguments: GoldenCorpus.covered)
    func `golden`(name: String) throws {
        let recording = try GoldenCorpus.load(name)
        var run = GoldenRun(recording)
        try run.run()
        let expected = GoldenDifferences.all[recording.id]
        let places = Set(run.differences.map(\.place))
        let shown = run.differences.filter { expected?.places.contains($0.place) != true }.prefix(3)
            .map { "\($0.place): \($0.text)" }.joined(separator: "\n")
        #expect(
            places == expected?.places ?? [],
            "\(recording.id) differs in \(places.sorted()); wanted: \(expected?.reason ?? "nowhere")\n\(shown)")
    }

    @Test func `golden topologies that are not covered are named`() {
        let missing = GoldenCorpus.uncoveredTopologies
        print("golden: \(GoldenCorpus.covered.count) of \(GoldenCorpus.names.count) cases run")
        if !missing.isEmpty {
            print("golden: \(missing.count) topologies not covered: \(missing.joined(separator: ", "))")
        }
        #expect(!GoldenCorpus.covered.isEmpty)
    }
}
