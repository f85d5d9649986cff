import Foundation
import Swiftwater
import Testing

/// `swiftwater topology`, as its user sees it.
@Suite(.integration) struct TopologyCommandTests {
    private let folder = NSTemporaryDirectory() + "topology-\(UUID().uuidString)"

    private func tool(_ arguments: [String]) async throws -> ChildProcess.Snapshot {
        try await ChildProcess.run(
            Programs.swiftwater, ["topology"] + arguments, input: "", environment: ["KAFKA_BOOTSTRAP_SERVERS": ""])
    }

    /// Writes the manifest of a count to a file and gives its path.
    private func manifest(_ name: String?, filtered: Bool, at file: String) throws -> String {
        let builder = StreamsBuilder()
        var stream = builder.stream("in", key: .string, value: .string)
        if filtered { stream = stream.filter { _, _ in true } }
        _ = stream.groupByKey().count(as: Materialized(name))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(file)"
        try builder.build().manifest().json().write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `TP-09 a plan tells lost state by its exit code, and keeps quiet about a file that is none`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let old = try manifest(nil, filtered: false, at: "old.json")
        let new = try manifest(nil, filtered: true, at: "new.json")
        let lost = try await tool(["plan", old, new])
        #expect(lost.status == 2)
        #expect(lost.output.first?.hasPrefix("! renamed store KSTREAM-AGGREGATE-STATE-STORE-0000000001 → ") == true)
        #expect(lost.output.last == "State is lost in 1 place (!).")
        #expect(try await tool(["plan", old, new, "--allow-loss"]).status == 0)
        let same = try await tool(["plan", old, old])
        #expect(same.status == 0)
        #expect(same.output == ["  kept store KSTREAM-AGGREGATE-STATE-STORE-0000000001", "No state is lost."])
        let missing = try await tool(["plan", old, "\(folder)/nothing.json"])
        #expect(missing.status == 1)
        #expect(missing.error.joined().contains("cannot read \(folder)/nothing.json"))
        try "[]".write(toFile: "\(folder)/other.json", atomically: true, encoding: .utf8)
        let other = try await tool(["plan", "\(folder)/other.json", new])
        #expect(other.status == 1)
        #expect(other.error.joined().contains("no topology manifest"))
    }

    @Test func `A-15 internal topics that the topology does not use are found, and nothing else`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await StreamsFixture.run { fixture in
            let file = try manifest("counts", filtered: false, at: "deployed.json")
            for topic in ["app-counts-changelog", "app-old-changelog", "app-old-repartition", "app-input", "other"] {
                try await fixture.create(topic, partitions: 1)
            }
            let found = try await tool([
                "orphans", file, "--application-id", fixture.topic("app"), "--bootstrap-servers", fixture.servers,
            ])
            #expect(found.status == 0)
            #expect(found.output == [fixture.topic("app-old-changelog"), fixture.topic("app-old-repartition")])
        }
    }
}
