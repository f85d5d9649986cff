import Swiftwater
import Testing

@Suite struct GoldenTests {
    @Test(arguments: GoldenCorpus.covered)
    func `golden`(name: String) throws {
        let recording = try GoldenCorpus.load(name)
        var run = GoldenRun(recording)
        try run.run()
        if let reason = GoldenDifferences.reasons[recording.id] {
            #expect(!run.differences.isEmpty, "no longer different, take it off the list: \(reason)")
        } else {
            let shown = run.differences.prefix(3).joined(separator: "\n")
            #expect(run.differences.isEmpty, "\(run.differences.count) differences:\n\(shown)")
        }
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
