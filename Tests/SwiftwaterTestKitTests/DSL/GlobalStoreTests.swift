import Swiftwater
import SwiftwaterTestKit
import Testing

/// Stores that a processor of the user fills in every instance.
@Suite struct GlobalStoreTests {
    private let words = StateStore<KeyValueStore<String, Int64>>.keyValue("words", key: .string, value: .int64)

    private func counting(_ builder: StreamsBuilder) {
        builder.addGlobalStore(words, from: "texts", key: .string, value: .optional(.string)) { _, words in
            { record in
                let total = try words.value(of: "all") ?? 0
                try words.set(record.value.map { Int64($0.split(separator: " ").count) }, of: record.key)
                try words.set(total + 1, of: "all", at: record.timestamp)
            }
        }
    }

    @Test func `B-05 a processor decides what a global store keeps of its topic`() throws {
        let builder = StreamsBuilder()
        counting(builder)
        builder.stream("in", key: .string, value: .string).to("out", key: .string, value: .string)
        try withTopologyTestDriver(builder.build()) { driver in
            let texts = try driver.inputTopic("texts", key: .string, value: .optional(.string))
            try texts.pipe("a", "three words here")
            try texts.pipe("b", "two words")
            try texts.pipe("a", nil)
            let kept = try driver.keyValueStore("words", key: .string, value: .int64)
            #expect(try kept.value(of: "a") == nil)
            #expect(try kept.value(of: "b") == 2)
            #expect(try kept.value(of: "all") == 3)
        }
    }

    @Test func `B-05 a global store is a part of its own, without changelog, and its topic is nobody else's`() throws {
        let builder = StreamsBuilder()
        counting(builder)
        builder.stream("in", key: .string, value: .string).to("out", key: .string, value: .string)
        let topology = try builder.build()
        #expect(topology.globalStores.map(\.name) == ["words"])
        #expect(topology.globalStores.map(\.isLogged) == [false])
        #expect(topology.describe().contains("Source: KSTREAM-SOURCE-0000000000 (topics: [texts])"))
        #expect(topology.describe().contains("Processor: KTABLE-SOURCE-0000000001 (stores: [words])"))
        builder.stream("texts", key: .string, value: .string).to("out", key: .string, value: .string)
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.topic == "texts")
    }

    @Test func `B-05 the processor of a global store has no clock`() throws {
        let builder = StreamsBuilder()
        builder.addGlobalStore(words, from: "texts", key: .string, value: .string) { context, _ in
            try context.schedule(every: .seconds(1), .wallClockTime) { _ in }
            return { _ in }
        }
        builder.stream("in", key: .string, value: .string).to("out", key: .string, value: .string)
        let topology = try builder.build()
        let error = #expect(throws: StreamsError.self) { _ = try TopologyTestDriver(topology) }
        #expect(error?.code == .invalidTopology)
        #expect(error?.place.node == "KTABLE-SOURCE-0000000001")
    }
}
