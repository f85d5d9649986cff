import Swiftwater
import Testing

@Suite struct TopologyUpgradeTests {
    /// Counts by key and in windows; what a change of it does is told by the tests.
    private func manifest(
        _ name: String? = nil,
        filtered: Bool = false,
        windows: Duration = .seconds(60),
        extra: Bool = false,
        regrouped: String? = "by-word"
    ) throws -> TopologyManifest {
        let builder = StreamsBuilder()
        if extra {
            _ = builder.stream("first", key: .string, value: .string).groupByKey().count(as: Materialized("extra"))
        }
        var stream = builder.stream("in", key: .string, value: .string)
        if filtered { stream = stream.filter { _, _ in true } }
        _ = stream.groupByKey().count(as: Materialized(name))
        _ = stream.groupByKey().windowedBy(.tumbling(windows)).count(as: Materialized("windows"))
        _ = stream.groupBy(key: .string, named: regrouped) { _, word in word }.count(as: Materialized("words"))
        return try builder.build().manifest()
    }

    private func step(_ name: String, in upgrade: TopologyUpgrade, _ subject: TopologyUpgrade.Step.Subject = .store)
        throws -> TopologyUpgrade.Step
    {
        try #require(upgrade.steps.first { $0.subject == subject && $0.name == name }, "\(upgrade)")
    }

    @Test func `TP-09 a manifest tells stores, topics and sub-topologies, and comes back from JSON whole`() throws {
        let manifest = try manifest("counts")
        #expect(manifest.format == 1)
        #expect(manifest.subtopologies.map(\.sources) == [["in"], []])
        #expect(manifest.subtopologies.map(\.repartitionTopics) == [[], ["by-word-repartition"]])
        let counts = try #require(manifest.stores.first { $0.name == "counts" })
        #expect(counts.kind == "timestampedKeyValue")
        #expect(counts.keyType == "String")
        #expect(counts.valueType == "Int64")
        #expect(counts.changelog == "counts-changelog")
        #expect(counts.isNameGenerated == false)
        #expect(counts.nodes.count == 1)
        #expect(manifest.stores.first { $0.name == "windows" }?.retention == 60_000)
        #expect(manifest.repartitionTopics.map(\.writers) == [[0]])
        #expect(manifest.repartitionTopics.map(\.readers) == [[1]])
        #expect(
            manifest.internalTopics(applicationID: "app") == [
                "app-by-word-repartition", "app-counts-changelog", "app-windows-changelog", "app-words-changelog",
            ])
        let text = try manifest.json()
        #expect(try TopologyManifest(json: text) == manifest)
        #expect(try self.manifest("counts").json() == text)
    }

    @Test func `TP-09 A-15 a manifest knows the topics that hand out tasks, of patterns too`() throws {
        let builder = StreamsBuilder()
        builder.stream(matching: "orders-.*", key: .string, value: .string).foreach { _, _ in }
        builder.stream("in", key: .string, value: .string).foreach { _, _ in }
        builder.stream("left", key: .string, value: .string)
            .merge(builder.stream("right", key: .string, value: .string)).foreach { _, _ in }
        let manifest = try builder.build().manifest()
        #expect(manifest.subtopologies.map(\.patterns) == [["orders-.*"], nil, nil])
        #expect(manifest.internalTopics(applicationID: "app") == ["app-0-tasks", "app-2-tasks"])
        #expect(try TopologyManifest(json: manifest.json()) == manifest)
        // One of a version that told no patterns.
        let text = try manifest.json().replacing(/"patterns" : \[[^\]]*\],/, with: "")
        #expect(try TopologyManifest(json: text).subtopologies.map(\.patterns) == [nil, nil, nil])
    }

    @Test func `TP-08 a manifest of a later form, and what is none, are refused`() throws {
        let text = try manifest("counts").json().replacing("\"format\" : 1", with: "\"format\" : 2")
        let later = #expect(throws: StreamsError.self) { try TopologyManifest(json: text) }
        #expect(later?.message.contains("form 2") == true)
        #expect(throws: StreamsError.self) { try TopologyManifest(json: "{}") }
        #expect(throws: StreamsError.self) { try TopologyManifest(json: "nothing") }
    }

    @Test func `TP-09 the same topology keeps everything`() throws {
        let upgrade = TopologyUpgrade(from: try manifest("counts"), to: try manifest("counts"))
        #expect(upgrade.steps.allSatisfy { $0.fate == .kept && $0.reason.isEmpty })
        #expect(upgrade.losesState == false)
        #expect(upgrade.description.hasSuffix("No state is lost."))
    }

    @Test func `TP-09 A-15 a numbered store that another operator has moved on loses its state, a named one keeps it`()
        throws
    {
        let numbered = TopologyUpgrade(from: try manifest(), to: try manifest(filtered: true))
        let old = "KSTREAM-AGGREGATE-STATE-STORE-0000000001"
        let lost = try step(old, in: numbered)
        #expect(lost.fate == .renamed)
        #expect(lost.newName == "KSTREAM-AGGREGATE-STATE-STORE-0000000002")
        #expect(lost.losesState)
        #expect(lost.reason.contains("<application id>-\(old)-changelog is orphaned"))
        #expect(try step("windows", in: numbered).reason == "its tasks have other stores beside it: it is restored")
        #expect(numbered.description.hasSuffix("State is lost in 1 place (!)."))
        // The advice helps.
        let mended = TopologyUpgrade(from: try manifest(), to: try manifest(old, filtered: true))
        #expect(mended.losesState == false, "\(mended)")
        let named = TopologyUpgrade(from: try manifest("counts"), to: try manifest("counts", filtered: true))
        #expect(named.losesState == false, "\(named)")
    }

    @Test func `TP-09 a store that is gone is orphaned, a new one begins empty`() throws {
        let (small, large) = (try manifest("counts"), try manifest("counts", extra: true))
        let grown = TopologyUpgrade(from: small, to: large)
        #expect(try step("extra", in: grown).fate == .new)
        #expect(grown.losesState == false)
        // The sub-topologies are numbered by their sources: the others move on.
        let moved = try step("counts", in: grown)
        #expect(moved.fate == .changed)
        #expect(moved.reason.contains("0_n are 1_n now"))
        #expect(try step("0", in: grown, .subtopology).newName == "1")
        let shrunk = TopologyUpgrade(from: large, to: small)
        #expect(try step("extra", in: shrunk).fate == .orphaned)
        #expect(shrunk.losesState)
    }

    @Test func `TP-09 another retention keeps the changelog but not the files`() throws {
        let longer = TopologyUpgrade(from: try manifest("c"), to: try manifest("c", windows: .seconds(600)))
        let step = try step("windows", in: longer)
        #expect(step.fate == .changed)
        #expect(step.reason.contains("it kept 60000 ms and keeps 600000 ms"))
        #expect(step.reason.contains("its bytes lie otherwise on disk: it is restored"))
        #expect(longer.losesState == false)
    }

    @Test func `TP-09 another kind under one name is incompatible, other types are told`() throws {
        func table(_ history: Duration?, _ make: (StreamsBuilder) -> Void) throws -> TopologyManifest {
            let builder = StreamsBuilder()
            make(builder)
            return try builder.build().manifest()
        }
        func texts(_ history: Duration?) throws -> TopologyManifest {
            try table(history) {
                _ = $0.table("t", key: .string, value: .string, as: Materialized("kept", history: history))
            }
        }
        let numbers = try table(nil) {
            _ = $0.table("t", key: .string, value: .int64, as: Materialized<String, Int64>("kept"))
        }
        let versioned = TopologyUpgrade(from: try texts(nil), to: try texts(.seconds(60)))
        #expect(versioned.steps.first?.fate == .incompatible)
        #expect(versioned.losesState)
        let typed = TopologyUpgrade(from: try texts(nil), to: numbers)
        #expect(typed.steps.first?.fate == .changed)
        #expect(typed.steps.first?.reason.contains("its values were String and are Int64") == true)
    }

    @Test func `TP-09 records in a repartition topic that is read no more are told`() throws {
        let renamed = TopologyUpgrade(from: try manifest("c"), to: try manifest("c", regrouped: "other"))
        let step = try step("by-word-repartition", in: renamed, .repartitionTopic)
        #expect(step.fate == .orphaned)
        #expect(step.losesState)
        #expect(renamed.steps.contains { $0.name == "other-repartition" && $0.fate == .new })
    }
}
