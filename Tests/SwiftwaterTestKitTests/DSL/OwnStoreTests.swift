import Swiftwater
import SwiftwaterTestKit
import Testing

/// Stores that are not the library's usual ones: of the user's own making, and one that forgets what is not used.
@Suite struct OwnStoreTests {
    /// A set of words that counts them.
    private final class Words {
        private let bytes: StoreBytes

        init(_ bytes: StoreBytes) {
            self.bytes = bytes
        }

        func insert(_ word: String) { bytes.set([1], of: Array(word.utf8)) }
        func remove(_ word: String) { bytes.set(nil, of: Array(word.utf8)) }

        func all() throws -> [String] {
            var words: [String] = []
            try bytes.scan { key, _ in
                words.append(String(decoding: key, as: UTF8.self))
                return true
            }
            return words
        }
    }

    @Test func `P-13 a store of one's own lives in the bytes that the library keeps and logs`() throws {
        let builder = StreamsBuilder()
        let seen = builder.addStateStore(StateStore<Words>.custom("seen") { Words($0) })
        builder.stream("in", key: .string, value: .optional(.string))
            .processValues(stores: [seen]) { context in
                let seen = try context.store(seen)
                return { record in
                    if record.value == nil { seen.remove(record.key) } else { seen.insert(record.key) }
                    try context.forward(record.with(value: try seen.all().joined(separator: " ")))
                }
            }
            .to("out", key: .string, value: .string)
        try withTopologyTestDriver(builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .optional(.string))
            for (key, value) in [("b", "x"), ("a", "x"), ("b", nil), ("a", "x")] { try input.pipe(key, value) }
            let out = try driver.outputTopic("out", key: .string, value: .string)
            #expect(try out.readValues() == ["b", "a b", "a", "a"])
            let changelog = try driver.outputTopic("test-seen-changelog", key: .string, value: .optional(.string))
            #expect(try changelog.readKeyValues().map(\.key) == ["b", "a", "b", "a"])
        }
    }

    @Test func `P-13 processors of one task share the store that they are connected to`() throws {
        let builder = StreamsBuilder()
        let seen = builder.addStateStore(StateStore<Words>.custom("seen") { Words($0) })
        let input = builder.stream("in", key: .string, value: .string)
        for name in ["first", "second"] {
            input.processValues(stores: [seen], named: name) { (context: FixedKeyProcessorContext<String, String>) in
                let seen = try context.store(seen)
                return { record in
                    try context.forward(record.with(value: "\(ObjectIdentifier(seen))"))
                }
            }
            .to(name, key: .string, value: .string)
        }
        try withTopologyTestDriver(builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe("a", "x")
            let first = try driver.outputTopic("first", key: .string, value: .string).readValues()
            #expect(try driver.outputTopic("second", key: .string, value: .string).readValues() == first)
        }
    }

    /// `out` gets each word with how often the store remembers it.
    private func remembering(_ count: Int) throws -> Topology {
        let builder = StreamsBuilder()
        let recent = builder.addStateStore(
            StateStore<LRUMap<String, Int64>>.lruMap("recent", maximumCount: count, key: .string, value: .int64))
        builder.stream("in", key: .string, value: .string)
            .processValues(stores: [recent]) { (context: FixedKeyProcessorContext<String, Int64>) in
                let recent = try context.store(recent)
                return { record in
                    let count = (try recent.value(of: record.key) ?? 0) + 1
                    if record.value == "set" { try recent.set(count, of: record.key) }
                    try context.forward(record.with(value: count))
                }
            }
            .to("out", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `ST-01 an LRU map keeps the keys used last, and deletes the others from its changelog`() throws {
        try withTopologyTestDriver(remembering(2)) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            let steps = [("a", "set"), ("b", "set"), ("a", "read"), ("c", "set"), ("a", "read"), ("b", "read")]
            for (key, value) in steps {
                try input.pipe(key, value)
            }
            // b was not used for longest when c came.
            #expect(
                try driver.outputTopic("out", key: .string, value: .int64).readValues() == [1, 1, 2, 1, 2, 1])
            let changelog = try driver.outputTopic("test-recent-changelog", key: .string, value: .optional(.int64))
            let changes = try changelog.readKeyValues()
            #expect(changes.map(\.key) == ["a", "b", "c", "b"])
            #expect(changes.contains { $0.key == "b" && $0.value == nil })
        }
    }

    @Test func `ST-01 an LRU map for no keys is refused`() throws {
        let topology = try remembering(0)
        let error = #expect(throws: StreamsError.self) { _ = try TopologyTestDriver(topology) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.place.store == "recent")
    }
}
