import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct TopicRuleTests {
    @Test func `S-88 only a key that may have changed is repartitioned, and only where it matters`() throws {
        func topics(_ chain: (KStream<String?, String?>) -> Void) throws -> [String] {
            let builder = StreamsBuilder()
            chain(builder.texts("in"))
            return try builder.build().repartitionTopics.map(\.name)
        }
        func count(_ stream: KStream<String?, String?>) { _ = stream.groupByKey(key: .string).count(as: "c") }
        #expect(try topics { count($0) } == [])
        #expect(try topics { count($0.mapValues { $0 }.filter { _, _ in true }.peek { _, _ in }) } == [])
        #expect(try topics { count($0.selectKey { key, _ in key }) } == ["c-repartition"])
        #expect(try topics { count($0.map { ($0, $1) }.filter { _, _ in true }) } == ["c-repartition"])
        #expect(try topics { count($0.flatMap { [($0, $1)] }) } == ["c-repartition"])
        #expect(try topics { count($0.merge($0.selectKey { key, _ in key })) } == ["c-repartition"])
        #expect(try topics { $0.selectKey { key, _ in key }.to("out", key: .string, value: .string) } == [])
        #expect(
            try topics { stream in
                count(
                    stream.process { (context: ProcessorContext<String?, String?>) in
                        { record in try context.forward(record) }
                    })
            } == ["c-repartition"])
        #expect(
            try topics { stream in
                count(stream.processValues { context in { record in try context.forward(record) } })
            } == [])
        // A repartition resets the flag.
        #expect(
            try topics { stream in
                _ = stream.selectKey { key, _ in key }.repartition(named: "r", key: .string)
                    .groupByKey().count(as: "c")
            } == ["r-repartition"])
    }

    @Test func `S-89 a grouping's name is its topic's, shared by its own aggregations and by no others`() throws {
        let builder = StreamsBuilder()
        let grouped = builder.texts("in").groupBy(key: .string, named: "g") { _, value in value }
        _ = grouped.count(as: "c1")
        _ = grouped.count(as: "c2")
        #expect(try builder.build().repartitionTopics.map(\.name) == ["g-repartition"])
        _ = builder.texts("other").groupBy(key: .string, named: "g") { _, value in value }.count(as: "c3")
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
    }

    @Test func `S-90 numbers are used up by operators that have names, too`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").filter(named: "mine") { _, _ in true }.mapValues { $0 }
            .to("out", key: .string, value: .string)
        let text = try builder.build().describe()
        #expect(text.contains("KSTREAM-MAPVALUES-0000000002"))
        #expect(text.contains("KSTREAM-SINK-0000000003"))
    }

    @Test func `S-28 S-89 joins of one stream share its topic, which keeps null keys if one of them takes them`() throws
    {
        func run(left: Bool, names: (String?, String?)) throws -> (topics: [String], out: [String]) {
            let builder = StreamsBuilder()
            let stream = builder.texts("in").selectKey { _, value in value.flatMap { $0 == "?" ? nil : $0 } }
            let table = builder.table("t", key: .string, value: .string, as: "t")
            let named = { Joined<String, String, String>(named: $0, key: .string, value: .string) }
            let inner: KStream<String, String> = stream.join(table, joined: named(names.0)) { "\($0)\($1)" }
            inner.to("inner", key: .string, value: .string)
            if left {
                let outer: KStream<String?, String> = stream.leftJoin(table, joined: named(names.1)) {
                    "\($0)\($1 ?? "-")"
                }
                outer.to("left", key: .string, value: .string)
            } else {
                let again: KStream<String, String> = stream.join(table, joined: named(names.1)) { "\($1)\($0)" }
                again.to("left", key: .string, value: .string)
            }
            let topics = try builder.build().repartitionTopics.map(\.name)
            let ran = try RuleRun(builder, [("t", "a", "1", 1), ("in", nil, "a", 2), ("in", nil, "?", 3)])
            return (topics, ran["inner"] + ran["left"])
        }
        let shared = "KSTREAM-KEY-SELECT-0000000001-repartition"
        let both = try run(left: true, names: (nil, nil))
        #expect(both.topics == [shared])
        #expect(both.out == ["a=a1@2", "a=a1@2", "null=?-@3"])
        let inners = try run(left: false, names: (nil, nil))
        #expect(inners.topics == [shared])
        #expect(inners.out == ["a=a1@2", "a=1a@2"])
        // A name asks for a topic of its own, which later joins without one take.
        #expect(try run(left: true, names: (nil, "j")).topics == [shared, "j-repartition"])
        #expect(try run(left: true, names: ("j", nil)).topics == ["j-repartition"])
    }

    @Test func `TP-03 what shares a topic gives the same, whatever the types of the streams and what stands between`()
        throws
    {
        func out(
            _ optimizations: TopologyOptimizations, _ topics: Set<String>, _ chain: (StreamsBuilder) -> Void
        ) throws -> [[String]] {
            let builder = StreamsBuilder()
            chain(builder)
            let topology = try builder.build(optimizing: optimizations)
            if !optimizations.isEmpty { #expect(topology.repartitionTopics.count == 1) }
            let run = try RuleRun(
                builder,
                optimizing: optimizations,
                [
                    ("t", "a", "1", 1), ("in", "x", "a", 2), ("in", "y", "b", 3), ("in", "z", "a", 4),
                    ("more", "a", "c", 5),
                ].filter { topics.contains($0.0) })
            return ["counts", "joins", "rest"].map { run[$0] }
        }
        func same(_ topics: Set<String> = ["in", "t"], _ chain: (StreamsBuilder) -> Void) throws {
            let plain = try out([], topics, chain)
            #expect(plain.contains { !$0.isEmpty })
            #expect(try out(.mergeRepartitionTopics, topics, chain) == plain)
        }
        func table(_ builder: StreamsBuilder) -> KTable<String, String> {
            builder.table("t", key: .string, value: .string, as: "t")
        }
        // Keys and values that may be nil: counted behind a filter, then joined, and the other way round.
        try same { builder in
            let stream = builder.texts("in").selectKey { _, value in value }
            stream.filter { key, _ in key != "b" }.groupByKey(key: .string).count().toStream()
                .to("counts", key: .string, value: .int64)
            let joined: KStream<String?, String> = stream.leftJoin(
                table(builder), joined: Joined(key: .string, value: .string)
            ) { "\($0)\($1 ?? "-")" }
            joined.to("joins", key: .string, value: .string)
        }
        try same { builder in
            let stream = builder.texts("in").selectKey { _, value in value }
            let joined: KStream<String, String> = stream.peek { _, _ in }.join(
                table(builder), joined: Joined(key: .string, value: .string)
            ) { "\($0)\($1)" }
            joined.to("joins", key: .string, value: .string)
            stream.groupByKey(key: .string).count().toStream().to("counts", key: .string, value: .int64)
        }
        // Keys and values that cannot be.
        try same { builder in
            let stream = builder.stream("in", key: .string, value: .string).selectKey { _, value in value }
            stream.groupByKey(key: .string).count().toStream().to("counts", key: .string, value: .int64)
            stream.filter { _, value in value != "b" }
                .join(table(builder), joined: Joined(key: .string, value: .string)) { $0 + $1 }
                .to("joins", key: .string, value: .string)
            stream.split().branch("b") { key, _ in key == "b" }.defaultBranch("rest").values
                .forEach { $0.to("rest", key: .string, value: .string) }
        }
        try same { builder in
            let stream = builder.stream("in", key: .string, value: .string).selectKey { _, value in value }
            stream.join(table(builder), joined: Joined(key: .string, value: .string)) { $0 + $1 }
                .to("joins", key: .string, value: .string)
            stream.filter { _, value in value != "b" }
                .groupByKey(key: .string).count().toStream().to("counts", key: .string, value: .int64)
        }
        // Behind a merge the repartition is the merge's.
        try same(["in", "more"]) { builder in
            builder.texts("in").selectKey { _, value in value }.merge(builder.texts("more"))
                .filter { _, _ in true }.groupByKey(key: .string).count().toStream()
                .to("counts", key: .string, value: .int64)
        }
    }

    @Test func `S-90 a store that is described without a name uses up a number, but for a value transformer`() throws {
        let builder = StreamsBuilder()
        let table = builder.table("in", key: .string, value: .string, as: "t")
        let unnamed = Materialized<String, String>(value: .string)
        table.mapValues(as: unnamed) { $0 }.filter(as: unnamed) { _, _ in true }
            .transformValues(as: unnamed) { _ in { _, value in value } }
            .toStream().to("out", key: .string, value: .string)
        let text = try builder.build().describe()
        for name in [
            "KTABLE-MAPVALUES-0000000003", "KTABLE-FILTER-0000000005", "KTABLE-TRANSFORMVALUES-0000000006",
            "KTABLE-TOSTREAM-0000000007",
        ] { #expect(text.contains("Processor: \(name) (stores: [])")) }
    }

    @Test func `S-90 a named table's source is called after it`() throws {
        let builder = StreamsBuilder()
        _ = builder.table("in", key: .string, value: .string, named: "mine")
        #expect(
            try builder.build().describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: mine-source (topics: [in])
                      --> mine
                    Processor: mine (stores: [])
                      --> none
                      <-- mine-source


                """)
    }

    @Test func `S-92 what is written to a topic and read from it again makes two parts`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").mapValues { value in value.map { $0 + "1" } }.to("between", key: .string, value: .string)
        builder.texts("between").mapValues { value in value.map { $0 + "2" } }.to("out", key: .string, value: .string)
        #expect(try builder.build().subtopologies.count == 2)
        #expect(try RuleRun(builder, [("in", "k", "v", 4)])["out"] == ["k=v12@4"])
    }

    @Test func `S-31 S-32 S-43 a table applies updates in their order, tells equal ones again, and deletions as null`()
        throws
    {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: Materialized("t", cached: false)).toStream()
            .to("out", key: .string, value: .string)
        let run = try RuleRun(
            builder,
            [("in", "k", "new", 10), ("in", "k", "older", 5), ("in", "k", "older", 5), ("in", "k", nil, 6)])
        #expect(run["out"] == ["k=new@10", "k=older@5", "k=older@5", "k=null@6"])
    }

    @Test func `S-37 stores emit in the order of the topology, so that a change reaches the last in one commit`() throws
    {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: "first").toStream()
            .toTable(as: "second")
            .toStream()
            .toTable(as: "third")
            .toStream()
            .to("out", key: .string, value: .string)
        #expect(try RuleRun(builder, [("in", "k", "v", 1)])["out"] == ["k=v@1"])
    }

    @Test func `S-36 S-110 ST-08 the cache changes what is told, not what is kept`() throws {
        for isCachingEnabled in [true, false] {
            let builder = StreamsBuilder()
            builder.texts("in").flatMapValues { value in (value ?? "").map { String($0) } }
                .groupByKey(key: .string)
                .reduce(as: "s") { $0 + $1 }
                .toStream()
                .to("out", key: .string, value: .string)
            let run = try RuleRun(builder, isCachingEnabled: isCachingEnabled, [("in", "k", "abc", 1)])
            #expect(run["out"] == (isCachingEnabled ? ["k=abc@1"] : ["k=a@1", "k=ab@1", "k=abc@1"]))
            #expect(run["test-s-changelog"] == ["k=abc@1"])
        }
    }
}
