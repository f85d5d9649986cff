import Testing

@testable import Swiftwater

@Suite struct WindowStoreTests {
    private static let retention: Int64 = 1_000

    private func store(_ fixture: StoreFixture) -> WindowStore<String, String> {
        WindowStore(fixture.bytes, keySerde: .string, valueSerde: .string, windowSize: 10, context: fixture.context)
    }

    @Test func `S-60 bounds of a fetch are both included`() throws {
        let store = store(StoreFixture(.window(Segments(retention: 1_000), retainsDuplicates: false)))
        for start in [0, 5, 10, 15] {
            try store.put("v\(start)", of: "a", start: Timestamp(milliseconds: Int64(start)))
        }
        try store.put("other", of: "ab", start: 5)
        #expect(try store.fetch("a", from: 5, to: 10).map(\.value) == ["v5", "v10"])
        #expect(try store.fetch("a", from: 5, to: 10, reverse: true).map(\.value) == ["v10", "v5"])
        #expect(try store.fetch("a", from: 16, to: 99).isEmpty)
        #expect(try store.fetch("a", from: 10, to: 5).isEmpty)
    }

    @Test func `S-60 what is older than the retention is not found and nothing is thrown`() throws {
        let store = store(StoreFixture(.window(Segments(retention: 1_000), retainsDuplicates: false)))
        try store.put("old", of: "a", start: 0)
        try store.put("edge", of: "a", start: 501)
        try store.put("new", of: "a", start: 1_500)
        #expect(try store.value(of: "a", start: 0) == nil)
        #expect(try store.value(of: "a", start: 501) == "edge")
        #expect(try store.fetch("a", from: 0, to: 400).isEmpty)
        #expect(try store.fetch("a").map(\.value) == ["edge", "new"])
        try store.put("newer", of: "a", start: 1_501)
        #expect(try store.fetch("a").map(\.value) == ["new", "newer"])
    }

    @Test func `S-59 a put later than the retention is dropped and counted, in memory at once, else with its segment`()
        throws
    {
        for (storeType, drops) in [(StoreType.persistent, 0), (.inMemory, 1)] {
            let fixture = StoreFixture(.window(Segments(retention: 1_000), retainsDuplicates: false), storeType)
            let store = store(fixture)
            try store.put("new", of: "a", start: 50_000)
            try store.put("late", of: "a", start: 40_000)
            #expect(fixture.dropped == drops)
            #expect(try store.value(of: "a", start: 40_000) == nil)
            try store.put("far", of: "a", start: 200_000)
            try store.put("late", of: "a", start: 40_000)
            #expect(fixture.dropped == drops + 1)
        }
    }

    @Test func `S-29 a store that keeps duplicates keeps them in order and does nothing with nil`() throws {
        let fixture = StoreFixture(.window(Segments(retention: 1_000), retainsDuplicates: true))
        let store = store(fixture)
        for value in ["x", "y"] { try store.put(value, of: "a", start: 7) }
        try fixture.commit()
        try store.put("z", of: "a", start: 7)
        try store.put(nil, of: "a", start: 7)
        #expect(try store.fetch("a").map(\.value) == ["x", "y", "z"])
        try fixture.commit()
        let again = self.store(try fixture.restored())
        #expect(try again.fetch("a").map(\.value) == ["x", "y", "z"])
        try again.put("after", of: "a", start: 7)
        #expect(try again.fetch("a").map(\.value) == ["x", "y", "z", "after"])
    }

    @Test func `F-03 ST-09 the changelog has key, start and sequence number, and the plain value`() throws {
        let fixture = StoreFixture(.timestampedWindow(Segments(retention: 1_000)))
        let store = store(fixture)
        try store.setKey("k")
        try store.putCurrent("v", start: 258, timestamp: 300, headers: Headers())
        try fixture.commit()
        let sent = try #require(fixture.output.records.first)
        #expect(fixture.output.records.count == 1)
        #expect(sent.key == Array("k".utf8) + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0])
        #expect(sent.value == Array("v".utf8))
        #expect(sent.timestamp == 300)
    }

    @Test func `Expired groups leave the backend`() throws {
        let fixture = StoreFixture(.window(Segments(retention: 100, width: 1), retainsDuplicates: false))
        let store = store(fixture)
        for start in 0..<1_000 {
            try store.put("v", of: "k\(start % 7)", start: Timestamp(milliseconds: Int64(start)))
            try fixture.commit()
        }
        #expect(fixture.backend.approximateCount(of: 0) == 101)
    }

    /// What the store should hold, recomputed from all puts.
    private struct Model {
        var entries: [String: [Int64: String]] = [:]
        var latest: Int64 = -1

        mutating func put(_ key: String, _ start: Int64, _ value: String?) {
            latest = max(latest, start)
            entries[key, default: [:]][start] = value
        }

        func fetch(_ key: String, _ from: Int64, _ to: Int64) -> [String] {
            (entries[key] ?? [:]).filter { $0.key >= max(from, latest - retention + 1) && $0.key <= to }
                .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        }
    }

    @Test(arguments: [nil, 1, 30, 500] as [Int64?])
    func `ST-04 a window store answers as a naive model does, through commits and a restore`(width: Int64?) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let keys = ["", "a", "ab", "a\u{0}", "b", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"]
        for _ in 0..<12 {
            var fixture = StoreFixture(
                .window(Segments(retention: Self.retention, width: width), retainsDuplicates: false))
            var store = store(fixture)
            var model = Model()
            var now: Int64 = 0
            for step in 0..<300 {
                now += Int64.random(in: 0...20, using: &random)
                let start = max(0, now - Int64.random(in: 0...900, using: &random))
                let key = keys.randomElement(using: &random) ?? ""
                let value = Int.random(in: 0..<5, using: &random) == 0 ? nil : "v\(step)"
                try store.put(value, of: key, start: Timestamp(milliseconds: start))
                model.put(key, start, value)
                if Int.random(in: 0..<10, using: &random) == 0 { try fixture.commit() }
                if step == 200 {
                    try fixture.commit()
                    let output = fixture.output
                    fixture = try fixture.restored()
                    fixture.output.records = output.records
                    store = self.store(fixture)
                }
                let asked = keys.randomElement(using: &random) ?? ""
                let from = Int64.random(in: 0...(now + 10), using: &random)
                let to = from + Int64.random(in: 0...600, using: &random)
                let found = try store.fetch(asked, from: Timestamp(rawValue: from), to: Timestamp(rawValue: to))
                #expect(found.map { "\($0.start)=\($0.value)" } == model.fetch(asked, from, to), "seed \(seed)")
                let backward = try store.fetch(
                    asked, from: Timestamp(rawValue: from), to: Timestamp(rawValue: to), reverse: true)
                #expect(backward.map(\.start) == found.map(\.start).reversed(), "seed \(seed)")
                let all = try store.fetchAll(from: Timestamp(rawValue: from), to: Timestamp(rawValue: to))
                let expected = keys.flatMap { key in model.fetch(key, from, to).map { "\(key)@\($0)" } }
                #expect(
                    all.map { "\($0.key.key)@\($0.key.window.start)=\($0.value)" }.sorted() == expected.sorted(),
                    "seed \(seed)")
                #expect(all.map(\.key.window.start) == all.map(\.key.window.start).sorted(), "seed \(seed)")
            }
        }
    }
}
