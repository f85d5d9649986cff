import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct CacheRuleTests {
    @Test func `S-38 stores that keep duplicates, emit at the close or hold back are not cached`() throws {
        let builder = StreamsBuilder()
        let left = builder.stream("left", key: .string, value: .string)
        let grouped = left.groupByKey()
        _ = grouped.count(as: "plain")
        _ = grouped.windowedBy(.tumbling(.seconds(1))).count(as: "windows")
        _ = grouped.windowedBy(.tumbling(.seconds(1))).emitStrategy(.onWindowClose).count(as: "closing-windows")
        _ = grouped.windowedBy(.session(gap: .seconds(1))).count(as: "sessions")
        _ = grouped.windowedBy(.session(gap: .seconds(1))).emitStrategy(.onWindowClose).count(as: "closing-sessions")
        _ = builder.table("table", key: .string, value: .string, as: Materialized("versions", history: .seconds(60)))
        builder.table("other", key: .string, value: .string, as: "held")
            .suppress(.untilTimeLimit(.seconds(1), named: "suppressed")).toStream()
            .to("out", key: .string, value: .string)
        left.outerJoin(
            builder.stream("right", key: .string, value: .string), .within(.seconds(1)),
            joined: StreamJoined(named: "join")
        ) { "\($0 ?? "")\($1 ?? "")" }.to("out-2", key: .string, value: .string)
        let cached = Set(try builder.build().stores.filter(\.isCached).map(\.name))
        #expect(cached == ["plain", "windows", "sessions", "held"])
    }

    /// What a processor finds in a store: what it has just written over what was committed before.
    private func found<Store>(
        _ store: StateStore<Store>,
        _ steps: [@Sendable (Store) throws -> String]
    ) throws -> [String] {
        let builder = StreamsBuilder()
        let store = builder.addStateStore(store)
        builder.stream("in", key: .string, value: .int)
            .process(stores: [store]) { (context: ProcessorContext<String, String>) in
                let opened = try context.store(store)
                return { record in
                    try context.forward(Record(key: record.key, value: steps[record.value](opened), timestamp: 0))
                }
            }
            .to("out", key: .string, value: .string)
        return try withTopologyTestDriver(try builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .int)
            for step in steps.indices { try input.pipe("k", step) }
            return try driver.outputTopic("out", key: .string, value: .string).readValues()
        }
    }

    @Test func `S-38 ST-01 ranges and prefixes of a key-value store show what is not committed over what is`() throws {
        let found = try found(
            .keyValue("s", key: .string, value: .string),
            [
                { store in
                    for key in ["a", "ab", "abc", "b", "c"] { try store.set("old", of: key) }
                    return "\(try store.approximateCount())"
                },
                { store in
                    try store.set("new", of: "ab")
                    try store.remove("abc")
                    try store.set("new", of: "aa")
                    #expect(try store.setIfAbsent("other", of: "b") == "old")
                    #expect(try store.setIfAbsent("new", of: "bb") == nil)
                    func text(_ entries: [KeyValueStore<String, String>.Entry]) -> String {
                        entries.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
                    }
                    return [
                        text(try store.all()), text(try store.range(from: "aa", to: "b")),
                        text(try store.range(from: "aa", to: "b", reverse: true)),
                        text(try store.prefixed(by: Array("a".utf8))),
                    ].joined(separator: "; ")
                },
            ])
        #expect(
            found == [
                "5",
                [
                    "a=old aa=new ab=new b=old bb=new c=old", "aa=new ab=new b=old", "b=old ab=new aa=new",
                    "a=old aa=new ab=new",
                ].joined(separator: "; "),
            ])
    }

    @Test func `S-38 ST-04 a fetch of a window store shows what is not committed over what is`() throws {
        let found = try found(
            .window("s", key: .string, value: .string, retention: .seconds(60), windowSize: .seconds(1)),
            [
                { store in
                    for start in [0, 1_000, 2_000] as [Timestamp] { try store.put("old", of: "k", start: start) }
                    try store.put("old", of: "l", start: 1_000)
                    return ""
                },
                { store in
                    try store.put("new", of: "k", start: 1_000)
                    try store.put(nil, of: "k", start: 2_000)
                    try store.put("new", of: "k", start: 3_000)
                    let one = try store.fetch("k", from: 0, to: 9_000).map { "\($0.start)=\($0.value)" }
                    let all = try store.fetchAll(from: 0, to: 9_000).map {
                        "\($0.key.key)\($0.key.window.start)=\($0.value)"
                    }
                    return (one + all).joined(separator: " ")
                },
            ])
        #expect(found[1] == "0=old 1000=new 3000=new k0=old k1000=new l1000=old k3000=new")
    }
}
