import Testing

@testable import Swiftwater

@Suite struct VersionedKeyValueStoreTests {
    private func store(_ fixture: StoreFixture) -> VersionedKeyValueStore<String, String> {
        VersionedKeyValueStore(fixture.bytes, keySerde: .string, valueSerde: .string, context: fixture.context)
    }

    private func fixture(_ retention: Int64, width: Int64 = 30) -> StoreFixture {
        StoreFixture(.versioned(Segments(retention: retention, width: width)))
    }

    @Test func `ST-03 a put tells when the next version begins`() throws {
        let store = store(fixture(1_000))
        #expect(try store.put("a", of: "k", at: 10) == .latest)
        #expect(try store.put("c", of: "k", at: 30) == .latest)
        #expect(try store.put("b", of: "k", at: 20) == .validTo(30))
        #expect(try store.put(nil, of: "k", at: 40) == .latest)
        #expect(try store.put("d", of: "k", at: 35) == .validTo(40))
        #expect(try store.record(of: "k") == nil)
        #expect(try store.record(of: "k", asOf: 25) == VersionedRecord(value: "b", timestamp: 20, validTo: 30))
        #expect(try store.record(of: "k", asOf: 39) == VersionedRecord(value: "d", timestamp: 35, validTo: 40))
        #expect(try store.record(of: "k", asOf: 9) == nil)
        #expect(try store.put("e", of: "k", at: 50) == .latest)
        #expect(try store.record(of: "k", asOf: 99) == VersionedRecord(value: "e", timestamp: 50))
        #expect(try store.record(of: "k", asOf: 45) == nil)
    }

    @Test func `S-31 a version older than the history is not put, and counted`() throws {
        let fixture = fixture(100)
        let store = store(fixture)
        try store.put("a", of: "k", at: 1_000)
        #expect(try store.put("b", of: "other", at: 900) == .latest)
        #expect(try store.put("b", of: "other", at: 899) == .expired)
        #expect(fixture.dropped == 1)
    }

    @Test func `S-77 the latest version stays, however old, and is found at any time after it`() throws {
        let fixture = fixture(100)
        let store = store(fixture)
        try store.put("a", of: "k", at: 10)
        try store.put("x", of: "other", at: 10_000)
        try fixture.commit()
        #expect(try store.record(of: "k")?.value == "a")
        #expect(try store.record(of: "k", asOf: 20)?.value == "a")
    }

    @Test func `S-95 a restore keeps what would be late by the end of the changelog`() throws {
        let fixture = fixture(100)
        let store = store(fixture)
        try store.put("a", of: "k", at: 10)
        try store.put("b", of: "k", at: 50)
        try store.put("x", of: "other", at: 5_000)
        try fixture.commit()
        let restored = self.store(try fixture.restored())
        #expect(try restored.record(of: "k")?.value == "b")
    }

    @Test func `ST-03 a versioned store answers as a naive model does, through commits and a restore`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for round in 0..<25 {
            var fixture = fixture(200, width: round % 2 == 0 ? 70 : 7)
            var store = store(fixture)
            var model: [String: [Int64: String?]] = [:]
            var latest: Int64 = -1
            var now: Int64 = 0
            for step in 0..<200 {
                now += Int64.random(in: 0...8, using: &random)
                let time = max(0, now - Int64.random(in: 0...260, using: &random))
                let key = ["a", "aa", ""].randomElement(using: &random) ?? ""
                let value = Int.random(in: 0..<4, using: &random) == 0 ? nil : "v\(step)"
                let result = try store.put(value, of: key, at: Timestamp(rawValue: time))
                if time < latest - 200 {
                    #expect(result == .expired, "seed \(seed)")
                } else {
                    latest = max(latest, time)
                    let next = model[key]?.keys.filter { $0 > time }.min()
                    #expect(result == next.map { .validTo(Timestamp(rawValue: $0)) } ?? .latest, "seed \(seed)")
                    model[key, default: [:]].updateValue(value, forKey: time)
                }
                if Int.random(in: 0..<8, using: &random) == 0 { try fixture.commit() }
                if step == 120 {
                    try fixture.commit()
                    let records = fixture.output.records
                    fixture = try fixture.restored()
                    fixture.output.records = records
                    store = self.store(fixture)
                }
                let asked = ["a", "aa", ""].randomElement(using: &random) ?? ""
                let asOf = Int64.random(in: max(0, latest - 200)...(now + 10), using: &random)
                let versions = model[asked] ?? [:]
                let from = versions.keys.filter { $0 <= asOf }.max()
                let expected = from.flatMap { from in
                    versions[from].flatMap { $0 }.map { value in
                        VersionedRecord(
                            value: value,
                            timestamp: Timestamp(rawValue: from),
                            validTo: versions.keys.filter { $0 > from }.min().map { Timestamp(rawValue: $0) }
                        )
                    }
                }
                #expect(try store.record(of: asked, asOf: Timestamp(rawValue: asOf)) == expected, "seed \(seed)")
            }
        }
    }
}
