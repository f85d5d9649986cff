import Swiftwater
import SwiftwaterTestKit
import Testing

/// Global stores as the processors of streams read them: by name, without being connected.
@Suite struct GlobalStoreAccessTests {
    private typealias Rates = ReadOnlyKeyValueStore<String, Int64>
    private static let rates = QueryableStore.keyValue("rates", key: .string, value: .int64)

    private func driver(_ add: (StreamsBuilder) -> Void) throws -> TopologyTestDriver {
        let builder = StreamsBuilder()
        _ = builder.globalTable("g", key: .string, value: .int64, as: "rates")
        add(builder)
        return try TopologyTestDriver(try builder.build())
    }

    private func told(_ driver: TopologyTestDriver) throws -> [String] {
        try driver.outputTopic("out", key: .optional(.string), value: .string).readValues()
    }

    @Test func `B-03 P-06 a processor reads a global table by key, range and count, always as it is now`() throws {
        let driver = try driver { builder in
            builder.stream("in", key: .optional(.string), value: .string)
                .process { (context: ProcessorContext<String?, String>) in
                    let rates = try context.globalStore(Self.rates)
                    return { record in
                        let rate = try rates.value(of: record.value).map { "\($0)" } ?? "none"
                        let all = try rates.all().map { "\($0.key)\($0.value)" }.joined(separator: " ")
                        let last = try rates.range(from: "b", reverse: true).first?.key ?? "none"
                        let count = try rates.approximateCount()
                        try context.forward(record.with(value: "\(rate) [\(all)] \(last) \(count)"))
                    }
                }
                .to("out", key: .optional(.string), value: .string)
        }
        let rates = try driver.inputTopic("g", key: .string, value: .optional(.int64))
        let input = try driver.inputTopic("in", key: .optional(.string), value: .string)
        try input.pipe(value: "a")
        try rates.pipe([("a", 1), ("c", 3)])
        try input.pipe(value: "a")
        try rates.pipe([("a", 2), ("c", nil)])
        try input.pipe(value: "a")
        #expect(try told(driver) == ["none [] none 0", "1 [a1 c3] c 2", "2 [a2] none 1"])
    }

    @Test func `B-05 P-06 processValues and transformValues read them too, with the table's own description of itself`()
        throws
    {
        let builder = StreamsBuilder()
        let table = builder.globalTable("g", key: .string, value: .int64)
        let store = table.queryableStore
        #expect(store.name == table.queryableStoreName)
        builder.stream("in", key: .string, value: .string)
            .processValues { (context: FixedKeyProcessorContext<String, String>) in
                let rates = try context.globalStore(store)
                return { try context.forward($0.with(value: "\(try rates.value(of: $0.value) ?? -1)")) }
            }
            .to("out", key: .string, value: .string)
        builder.table("t", key: .string, value: .string)
            .transformValues { (context: ValueTransformerContext) -> (String, String?) throws -> String? in
                let rates = try context.globalStore(store)
                return { _, value in try value.map { "t\(try rates.value(of: $0) ?? -1)" } }
            }
            .toStream()
            .to("out", key: .string, value: .string)
        let driver = try TopologyTestDriver(try builder.build())
        try driver.inputTopic("g", key: .string, value: .int64).pipe("a", 7)
        try driver.inputTopic("in", key: .string, value: .string).pipe("k", "a")
        try driver.inputTopic("t", key: .string, value: .string).pipe([("k", "a"), ("k", "b")])
        #expect(try told(driver) == ["7", "t7", "t-1"])
    }

    @Test func `B-05 P-06 a global store of windows is read as its stream time goes on`() throws {
        let seen = StateStore<WindowStore<String, Int64>>.window(
            "seen", key: .string, value: .int64, retention: .seconds(10), windowSize: .seconds(1), storeType: .inMemory)
        let driver = try driver { builder in
            builder.addGlobalStore(seen, from: "w", key: .string, value: .int64) { _, seen in
                { record in try seen.put(record.value, of: record.key, start: record.timestamp) }
            }
            builder.stream("in", key: .optional(.string), value: .string)
                .process { (context: ProcessorContext<String?, String>) in
                    let seen = try context.globalStore(
                        .window("seen", key: .string, value: .int64, windowSize: .seconds(1)))
                    return { record in
                        let values = try seen.fetch("k").map { "\($0.value)" }.joined(separator: " ")
                        try context.forward(record.with(value: values))
                    }
                }
                .to("out", key: .optional(.string), value: .string)
        }
        let windows = try driver.inputTopic("w", key: .string, value: .int64)
        let input = try driver.inputTopic("in", key: .optional(.string), value: .string)
        for (value, time) in [(1, 0), (2, 5_000), (3, 11_000)] as [(Int64, Int64)] {
            try windows.pipe("k", value, timestamp: Timestamp(milliseconds: time))
            try input.pipe(value: "?")
        }
        #expect(try told(driver) == ["1", "1 2", "2 3"])
    }

    @Test func `B-05 the processor of a global store reads what those of others have written`() throws {
        let builder = StreamsBuilder()
        let sums = StateStore<KeyValueStore<String, Int64>>.keyValue("sums", key: .string, value: .int64)
        _ = builder.globalTable("g", key: .string, value: .int64, as: "rates")
        builder.addGlobalStore(sums, from: "s", key: .string, value: .int64) { context, sums in
            let rates = try context.globalStore(Self.rates)
            return { record in try sums.set(record.value * (try rates.value(of: record.key) ?? 0), of: record.key) }
        }
        builder.stream("in", key: .string, value: .string).foreach { _, _ in }
        let driver = try TopologyTestDriver(try builder.build())
        try driver.inputTopic("g", key: .string, value: .int64).pipe("a", 7)
        try driver.inputTopic("s", key: .string, value: .int64).pipe("a", 6)
        #expect(try driver.keyValueStore("sums", key: .string, value: .int64).value(of: "a") == 42)
    }

    @Test func `P-06 TP-07 a processor that is connected to a global store is refused, and told what to do`() throws {
        for isBefore in [true, false] {
            let builder = StreamsBuilder()
            let words = StateStore<KeyValueStore<String, Int64>>.keyValue("words", key: .string, value: .int64)
            func connect() {
                builder.stream("in", key: .string, value: .string)
                    .process(stores: [words], named: "reader") { (_: ProcessorContext<String, String>) in { _ in } }
            }
            if isBefore { connect() }
            builder.addGlobalStore(words, from: "g", key: .string, value: .int64) { _, _ in { _ in } }
            if !isBefore { connect() }
            let error = #expect(throws: StreamsError.self) { try builder.build() }
            #expect(error?.code == .invalidTopology)
            #expect(error?.place.node == "reader")
            #expect(error?.place.store == "words")
            #expect(error?.message.contains("globalStore(_:)") == true)
        }
    }

    @Test func `P-06 a store that is no global one, or of another kind, is an error that names it`() throws {
        func failure(_ open: @escaping @Sendable (ProcessorContext<String, String>) throws -> Void) -> StreamsError? {
            return #expect(throws: StreamsError.self) {
                try driver { builder in
                    _ = builder.stream("in", key: .string, value: .string).groupByKey().count(as: "counts")
                    builder.stream("other", key: .string, value: .string)
                        .process(named: "reader") { (context: ProcessorContext<String, String>) in
                            try open(context)
                            return { _ in }
                        }
                }
            }
        }
        let ofTasks = failure { _ = try $0.globalStore(.keyValue("counts", key: .string, value: .int64)) }
        #expect(ofTasks?.code == .unknownStateStore)
        #expect(ofTasks?.place.store == "counts")
        #expect(ofTasks?.place.node == "reader")
        let unknown = failure { _ = try $0.globalStore(.keyValue("nothing", key: .string, value: .int64)) }
        #expect(unknown?.code == .unknownStateStore)
        let ofSessions = failure { _ = try $0.globalStore(.session("rates", key: .string, value: .int64)) }
        #expect(ofSessions?.code == .invalidStateStore)
    }

    @Test func `B-06 P-06 the processor of a read-only store has no global stores, as it runs in restores too`() throws
    {
        let kept = StateStore<KeyValueStore<String, Int64>>.keyValue("kept", key: .string, value: .int64)
        let error = #expect(throws: StreamsError.self) {
            try driver { builder in
                builder.addReadOnlyStateStore(kept, from: "in", key: .string, value: .int64) { context, _ in
                    _ = try context.globalStore(Self.rates)
                    return { _ in }
                }
            }
        }
        #expect(error?.code == .invalidStateStore)
        #expect(error?.place.store == "rates")
    }

    @Test func `TT-04 P-06 a mock has the global stores that the test gives it`() throws {
        let mock = MockProcessorContext<String, Int64>()
        let rates = try mock.addGlobalStore(.keyValue("rates", key: .string, value: .int64))
        let own = try mock.addStateStore(.keyValue("own", key: .string, value: .int64))
        let read = try mock.context.globalStore(Self.rates)
        let fixed: Rates = try mock.fixedKey.globalStore(Self.rates)
        try rates.set(5, of: "a")
        try own.set(6, of: "a")
        #expect(try read.value(of: "a") == 5)
        #expect(try fixed.all().map(\.value) == [5])
        let unknown = #expect(throws: StreamsError.self) {
            try mock.context.globalStore(.keyValue("own", key: .string, value: .int64))
        }
        #expect(unknown?.code == .unknownStateStore)
        let unconnected = #expect(throws: StreamsError.self) {
            try mock.context.store(
                StateStore<KeyValueStore<String, Int64>>.keyValue("rates", key: .string, value: .int64))
        }
        #expect(unconnected?.code == .invalidStateStore)
        #expect(unconnected?.message.contains("globalStore(_:)") == true)
    }
}
