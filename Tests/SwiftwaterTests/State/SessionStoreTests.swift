import Testing

@testable import Swiftwater

@Suite struct SessionStoreTests {
    private func store(_ fixture: StoreFixture) -> SessionStore<String, String> {
        SessionStore(fixture.bytes, keySerde: .string, valueSerde: .string, context: fixture.context)
    }

    @Test func `F-04 ST-09 the changelog has key, end and start`() throws {
        let fixture = StoreFixture(.session(Segments(retention: 1_000)))
        try store(fixture).put("v", of: "k", Window(start: 1, end: 2))
        try fixture.commit()
        #expect(
            fixture.output.records.map(\.key) == [
                Array("k".utf8) + [0, 0, 0, 0, 0, 0, 0, 2] + [0, 0, 0, 0, 0, 0, 0, 1]
            ])
    }

    @Test func `S-60 sessions older than the retention are not found`() throws {
        let store = store(StoreFixture(.session(Segments(retention: 1_000))))
        try store.put("old", of: "a", Window(start: 0, end: 10))
        try store.put("new", of: "a", Window(start: 1_005, end: 1_010))
        #expect(try store.value(of: "a", Window(start: 0, end: 10)) == nil)
        #expect(try store.findSessions("a").map(\.value) == ["new"])
    }

    @Test func `ST-05 sessions are found by their latest end and start, as a naive model finds them`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for width in [nil, 1, 40] as [Int64?] {
            let fixture = StoreFixture(.session(Segments(retention: 500, width: width)))
            let store = store(fixture)
            var model: [String: Set<Window>] = [:]
            var latest: Int64 = -1
            var now: Int64 = 0
            for _ in 0..<600 {
                now += Int64.random(in: 0...10, using: &random)
                let end = max(0, now - Int64.random(in: 0...400, using: &random))
                let window = Window(
                    start: Timestamp(rawValue: max(0, end - Int64.random(in: 0...100, using: &random))),
                    end: Timestamp(rawValue: end)
                )
                let key = ["a", "aa", ""].randomElement(using: &random) ?? ""
                let removes = Int.random(in: 0..<4, using: &random) == 0
                try store.put(removes ? nil : "\(window)", of: key, window)
                latest = max(latest, end)
                if removes { model[key]?.remove(window) } else { model[key, default: []].insert(window) }
                if Int.random(in: 0..<10, using: &random) == 0 { try fixture.commit() }
                let earliestEnd = Int64.random(in: 0...(now + 5), using: &random)
                let latestStart = earliestEnd + Int64.random(in: 0...60, using: &random)
                let expected = (model[key] ?? []).filter {
                    $0.end.rawValue >= max(earliestEnd, latest - 499) && $0.start.rawValue <= latestStart
                }.sorted { $0.end != $1.end ? $0.end < $1.end : $0.start < $1.start }
                let found = try store.findSessions(
                    key,
                    earliestEnd: Timestamp(rawValue: earliestEnd),
                    latestStart: Timestamp(rawValue: latestStart)
                )
                #expect(found.map(\.window) == expected, "seed \(seed)")
                #expect(found.allSatisfy { $0.value == "\($0.window)" }, "seed \(seed)")
            }
        }
    }
}
