import Swiftwater
import SwiftwaterTestKit
import Testing

/// What is said beside an operator's function: names, serdes, stores; Kafka Streams' `Named`, `Consumed`, `Materialized` and so on.
@Suite struct OperatorOptionTests {
    @Test func `C-01 a name is kept to what a topic may be called`() throws {
        func build(_ name: String) throws {
            let builder = StreamsBuilder()
            builder.texts("in").filter(named: name) { _, _ in true }.to("out", key: .string, value: .string)
            _ = try builder.build()
        }
        for name in ["a", "A.b_c-9", String(repeating: "n", count: 249)] { try build(name) }
        for name in ["", ".", "..", "a b", "a/b", "ä", String(repeating: "n", count: 250)] {
            let error = #expect(throws: StreamsError.self) { try build(name) }
            #expect(error?.code == .invalidTopology)
            #expect(error?.message.contains("«\(name)»") == true)
        }
    }

    @Test func `C-02 a source has its serdes, its times, its beginning and its name`() throws {
        let builder = StreamsBuilder()
        builder.stream(
            "in", key: .int64, value: .string,
            timestampExtractor: EventTime<Int64, String> { key, _, kafka in
                Timestamp(milliseconds: key + kafka.milliseconds)
            },
            offsetReset: .byDuration(.seconds(60)), named: "source"
        ).to("out", key: .int64, value: .string)
        _ = builder.table("t", key: .string, value: .string, as: "t", offsetReset: .latest, named: "table")
        let topology = try builder.build()
        let resets = Dictionary(uniqueKeysWithValues: topology.nodes.map { ($0.name, $0.offsetReset) })
        #expect(resets["source"] == .byDuration(.seconds(60)))
        #expect(resets["table-source"] == .latest)
        try withTopologyTestDriver(topology) { driver in
            try driver.inputTopic("in", key: .int64, value: .string).pipe(40, "v", timestamp: 2)
            let record = try driver.outputTopic("out", key: .int64, value: .string).readRecord()
            #expect(record == Record(key: 40, value: "v", timestamp: 42))
        }
    }

    @Test func `C-03 a sink has its serdes and its name`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).map { key, value in (Int64(key.count), value.isEmpty) }
            .to("out", key: .int64, value: .bool, named: "sink")
        let topology = try builder.build()
        #expect(topology.describe().contains("Sink: sink (topic: out)"))
        try withTopologyTestDriver(topology) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe("abc", "")
            #expect(try driver.outputTopic("out", key: .int64, value: .bool).readKeyValue() == (3, true))
        }
    }

    @Test func `C-04 a store has its name, serdes, cache, changelog, kind and time to keep`() throws {
        let builder = StreamsBuilder()
        let grouped = builder.stream("in", key: .string, value: .string).groupByKey()
        _ = grouped.count(as: "plain")
        _ = grouped.count(
            as: Materialized("own", cached: false, logged: false, storeType: .inMemory))
        _ = grouped.count(as: Materialized("set", changelogSettings: ["segment.bytes": "1048576"]))
        _ = grouped.windowedBy(.tumbling(.seconds(10), grace: .seconds(5)))
            .count(as: Materialized("windows", retention: .seconds(60)))
        let stores = Dictionary(uniqueKeysWithValues: try builder.build().stores.map { ($0.name, $0) })
        let plain = try #require(stores["plain"])
        #expect(plain.isCached && plain.isLogged && plain.isPersistent && plain.changelogSettings.isEmpty)
        let own = try #require(stores["own"])
        #expect(!own.isCached && !own.isLogged && !own.isPersistent)
        #expect(stores["set"]?.changelogSettings == ["segment.bytes": "1048576"])
        #expect(stores["windows"]?.kind.segments?.retention == 60_000)
    }

    @Test func `S-59 C-04 a window store that is to forget too early, or to keep versions, is refused`() {
        for materialized: Materialized<String, Int64> in [
            Materialized("s", retention: .seconds(14)), Materialized("s", history: .seconds(60)),
        ] {
            let builder = StreamsBuilder()
            _ = builder.stream("in", key: .string, value: .string).groupByKey()
                .windowedBy(.tumbling(.seconds(10), grace: .seconds(5)))
                .count(as: materialized)
            let error = #expect(throws: StreamsError.self) { try builder.build() }
            #expect(error?.code == .invalidTopology)
        }
    }

    @Test func `C-04 ST-14 a store without a changelog writes none, and one with serdes of its own writes them`() throws
    {
        let builder = StreamsBuilder()
        let grouped = builder.stream("in", key: .string, value: .string).groupByKey()
        _ = grouped.count(as: Materialized("unlogged", logged: false))
        _ = grouped.count(as: Materialized("texts", value: .json()))
        let run = try RuleRun(builder, [("in", "k", "v", 1)])
        #expect(run["test-unlogged-changelog"].isEmpty)
        #expect(run["test-texts-changelog"] == ["k=1@1"])
    }

    @Test func `C-07 a join of streams has names for its nodes and stores, and stores of one's own`() throws {
        func stores(_ joined: StreamJoined<String, String, String>) throws -> [StoreDefinition] {
            let builder = StreamsBuilder()
            let left = builder.stream("left", key: .string, value: .string)
            left.join(
                builder.stream("right", key: .string, value: .string), .within(.seconds(1)), joined: joined
            ) { $0 + $1 }.to("out", key: .string, value: .string)
            return try builder.build().stores
        }
        let named = try stores(StreamJoined(named: "orders", storeName: "kept", logged: false))
        #expect(named.map(\.name) == ["kept-this-join-store", "kept-other-join-store"])
        #expect(named.map(\.isLogged) == [false, false])
        let own = try stores(StreamJoined(thisStore: .inMemory("left"), otherStore: .persistent("right")))
        #expect(own.map(\.name) == ["left", "right"])
        #expect(own.map(\.isPersistent) == [false, true])
        #expect(throws: StreamsError.self) {
            try stores(StreamJoined(thisStore: .inMemory("same"), otherStore: .inMemory("same")))
        }
    }

    @Test func `C-11 T-08 a suppression has its limit, its buffer and its name`() throws {
        func build(_ suppressed: Suppressed) throws -> Topology {
            let builder = StreamsBuilder()
            builder.table("in", key: .string, value: .string, as: "t").suppress(suppressed).toStream()
                .to("out", key: .string, value: .string)
            return try builder.build()
        }
        let limited = try build(.untilTimeLimit(.seconds(1), .maxRecords(3).withoutLogging(), named: "held"))
        let store = try #require(limited.stores.last)
        #expect(store.kind == .suppression)
        #expect(!store.isLogged && store.name.hasPrefix("held"))
        #expect(limited.describe().contains("Processor: held (stores: [\(store.name)])"))
        // Rows without windows have no final result.
        let error = #expect(throws: StreamsError.self) { try build(.untilWindowCloses()) }
        #expect(error?.code == .invalidTopology)
    }

    @Test func `C-13 a deduplication has its name, its store's name, serdes, changelog and kind`() throws {
        let builder = StreamsBuilder()
        let words = builder.stream("in", key: .string, value: .string)
        _ = words.deduplicateByKey(within: .seconds(10))
        _ = words.deduplicateByKey(within: .seconds(10), deduplicated: Deduplicated(named: "once"))
        _ = words.deduplicateByKey(
            within: .seconds(10),
            deduplicated: Deduplicated(
                named: "again", storeName: "own", logged: false, changelogSettings: ["segment.bytes": "1048576"],
                storeType: .inMemory))
        // Neither type has a serde of its own: where the stream knows none, the deduplication says it.
        words.map { key, value in (Plain(text: key), Plain(text: value)) }
            .deduplicateByKeyValue(
                within: .seconds(10),
                deduplicated: Deduplicated(named: "plain", key: .plain, id: .plain, value: .plain)
            ) { _, value in value }
            .to("out", key: .plain, value: .plain)
        let topology = try builder.build()
        let stores = Dictionary(uniqueKeysWithValues: topology.stores.map { ($0.name, $0) })
        #expect(
            stores.keys.sorted() == ["KSTREAM-DEDUPLICATE-STATE-STORE-0000000002", "once", "own", "plain"])
        let once = try #require(stores["once"])
        #expect(once.isLogged && once.isPersistent && !once.isCached)
        #expect(once.kind.segments?.retention == 10_000)
        #expect(once.changelogSettings == ["cleanup.policy": "compact,delete", "retention.ms": "86410000"])
        let own = try #require(stores["own"])
        #expect(!own.isLogged && !own.isPersistent)
        #expect(own.changelogSettings["segment.bytes"] == "1048576")
        #expect(topology.repartitionTopics.map(\.name) == ["plain-repartition"])
        try withTopologyTestDriver(topology) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe([("k", "a"), ("k", "b"), ("k", "a")])
            let repartitioned = try driver.outputTopic("test-plain-repartition", key: .string, value: .string)
            #expect(try repartitioned.readKeyValues().map(\.value) == ["<a>", "<b>", "<a>"])
            let out = try driver.outputTopic("out", key: .string, value: .string)
            #expect(try out.readKeyValues().map(\.value) == ["<a>", "<b>"])
        }
    }

    @Test func `C-13 a deduplication without a serde for its IDs is refused with its name`() {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string)
            .deduplicateByKeyValue(within: .seconds(1), deduplicated: Deduplicated(named: "once")) { _, value in
                Plain(text: value)
            }
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.node == "once")
        #expect(error?.message.contains("the IDs of type Plain") == true)
    }

    @Test func `C-12 a branch has its name, and a function or a consumer of its own`() throws {
        let builder = StreamsBuilder()
        let branches = builder.texts("in").split(named: "to-")
            .branch("a", { _, value in value == "a" }) { $0.mapValues { _ in "chained" } }
            .defaultBranch()
        #expect(branches.keys.sorted() == ["to-0", "to-a"])
        for (name, stream) in branches { stream.to(name, key: .string, value: .string) }
        let run = try RuleRun(builder, [("in", "k", "a", 1), ("in", "k", "b", 2)])
        #expect(run["to-a"] == ["k=chained@1"])
        #expect(run["to-0"] == ["k=b@2"])
    }
}

/// A text of a type that has no obvious serde.
private struct Plain: Sendable {
    var text: String
}

extension Serde where Value == Plain {
    fileprivate static var plain: Serde<Plain> {
        Serde {
            $1.append(utf8: "<\($0.text)>")
        } deserialize: { bytes in
            Plain(text: String(String(decoding: bytes.array, as: UTF8.self).dropFirst().dropLast()))
        }
    }
}
