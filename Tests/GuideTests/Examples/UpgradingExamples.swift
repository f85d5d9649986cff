import Foundation
import Swiftwater
import Testing

@Suite struct UpgradingExamples {
    @Test func `a manifest is written, and compared with the next`() throws {
        let path = NSTemporaryDirectory() + "topology-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let builder = StreamsBuilder(TopologyConfiguration(requiresExplicitNames: true))
        _ = builder.stream("words", key: .string, value: .string).groupByKey().count(as: "counts")
        let manifest = try builder.build().manifest()
        try manifest.json().write(toFile: path, atomically: true, encoding: .utf8)

        let deployed = try String(contentsOfFile: path, encoding: .utf8)
        let upgrade = TopologyUpgrade(from: try TopologyManifest(json: deployed), to: manifest)
        #expect(!upgrade.losesState, "\(upgrade)")
    }
}
