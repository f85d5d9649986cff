import Testing

@testable import Swiftwater

/// The entries of a store in memory, against a dictionary; and copies of them, which stay as they were.
@Suite struct SortedBytesTests {
    private typealias Model = [[UInt8]: [UInt8]]

    private func set(_ key: [UInt8], _ value: [UInt8]?, in entries: inout SortedBytes, _ model: inout Model) {
        key.withUnsafeBytes { key in
            if let value { value.withUnsafeBytes { entries.set(key, $0) } } else { entries.set(key, nil) }
        }
        model[key] = value
    }

    private func scan(
        _ entries: SortedBytes, from: [UInt8]? = nil, to: [UInt8]? = nil, reverse: Bool = false, limit: Int = .max
    ) -> [[[UInt8]]] {
        var found: [[[UInt8]]] = []
        entries.scan(from: from, to: to, reverse: reverse) { key, value in
            found.append([Array(key), Array(value)])
            return found.count < limit
        }
        return found
    }

    private func expected(_ model: Model, from: [UInt8]? = nil, to: [UInt8]? = nil) -> [[[UInt8]]] {
        model.filter { entry in
            if let from, entry.key.lexicographicallyPrecedes(from) { return false }
            if let to, to.lexicographicallyPrecedes(entry.key) { return false }
            return true
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { [$0.key, $0.value] }
    }

    private func randomKey(_ random: inout SeededRandom) -> [UInt8] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in .random(in: 0...40, using: &random) }
    }

    @Test(arguments: 0..<12)
    func `ST-15 S-103 random writes, scans and expiries give what a sorted dictionary gives`(round: Int) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var entries = SortedBytes()
        var model: Model = [:]
        let deletions = Int.random(in: 1...9, using: &random)
        for _ in 0..<12 {
            for step in 0..<Int.random(in: 0...600, using: &random) {
                let isDeletion = Int.random(in: 0..<10, using: &random) < deletions
                set(randomKey(&random), isDeletion ? nil : [UInt8(step % 256)], in: &entries, &model)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                let floor = randomKey(&random)
                entries.removeAll(below: floor)
                model = model.filter { !$0.key.lexicographicallyPrecedes(floor) }
            }
            #expect(entries.count == model.count, "seed \(seed)")
            #expect(scan(entries) == expected(model), "seed \(seed)")
            for _ in 0..<20 {
                let from = Bool.random(using: &random) ? randomKey(&random) : nil
                let to = Bool.random(using: &random) ? randomKey(&random) : nil
                let range = expected(model, from: from, to: to)
                #expect(scan(entries, from: from, to: to) == range, "seed \(seed)")
                #expect(scan(entries, from: from, to: to, reverse: true) == range.reversed(), "seed \(seed)")
                #expect(scan(entries, from: from, to: to, limit: 3) == Array(range.prefix(3)), "seed \(seed)")
                let key = randomKey(&random)
                let value = key.withUnsafeBytes { entries.withValue(of: $0) { Array($0) } }
                #expect(value == model[key], "seed \(seed)")
            }
        }
    }

    @Test func `IQ-08 a copy stays as it was, whatever becomes of the other`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var entries = SortedBytes()
        var model: Model = [:]
        var copies: [(SortedBytes, Model)] = []
        for round in 0..<30 {
            for step in 0..<200 {
                let value: [UInt8]? = step % 3 == 0 ? nil : [UInt8(round)]
                set(randomKey(&random), value, in: &entries, &model)
            }
            if round % 7 == 6 {
                entries.removeAll(below: [UInt8(round / 3)])
                model = model.filter { !$0.key.lexicographicallyPrecedes([UInt8(round / 3)]) }
            }
            copies.append((entries, model))
        }
        for (copy, model) in copies { #expect(scan(copy) == expected(model), "seed \(seed)") }
    }

    @Test func `ST-15 keys that only grow, and keys that only shrink, are all there`() {
        var rising = SortedBytes()
        var falling = SortedBytes()
        for number in 0..<2_000 {
            withUnsafeBytes(of: Int32(number).bigEndian) { rising.set($0, $0) }
            withUnsafeBytes(of: Int32(1_999 - number).bigEndian) { falling.set($0, $0) }
        }
        #expect(rising.count == 2_000 && falling.count == 2_000)
        let numbers = (0..<2_000).map { number in withUnsafeBytes(of: Int32(number).bigEndian) { Array($0) } }
        #expect(scan(rising).map { $0[0] } == numbers)
        #expect(scan(falling).map { $0[0] } == numbers)
    }
}
