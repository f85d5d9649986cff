import Swiftwater
import Testing

@Suite struct WriteBufferTests {
    /// Random writes against a dictionary; keys share prefixes, contain zeros and have lengths from 0 on.
    @Test(arguments: 0..<20)
    func `holds what was last written, in both orders`(round: Int) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let prefix = [UInt8](repeating: 0x61, count: Int.random(in: 0...12, using: &random))
        let buffer = WriteBuffer()
        for _ in 0..<3 {
            var model: [[UInt8]: [UInt8]?] = [:]
            var touched: [[UInt8]] = []
            for _ in 0..<Int.random(in: 0...3_000, using: &random) {
                let length = Int.random(in: 0...3, using: &random)
                let key = prefix + (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) &* 85 }
                let value: [UInt8]? =
                    Bool.random(using: &random)
                    ? (0..<Int.random(in: 0...20, using: &random)).map { _ in .random(in: 0...255, using: &random) }
                    : nil
                key.withUnsafeBytes { key in
                    if let value {
                        _ = value.withUnsafeBytes { buffer.set(key, $0) }
                    } else {
                        buffer.set(key, nil)
                    }
                }
                model[key] = .some(value)
                touched.removeAll { $0 == key }
                touched.append(key)
            }
            let sorted = buffer.sortedOrder().map { Array(buffer.key(at: Int($0))) }
            #expect(sorted == model.keys.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
            #expect(buffer.touchOrder().map { Array(buffer.key(at: Int($0))) } == touched, "seed \(seed)")
            for (key, value) in model {
                let entry = key.withUnsafeBytes { buffer.find($0) }
                #expect(entry.map { buffer.value(at: $0).map(Array.init) } == .some(value), "seed \(seed)")
            }
            #expect([0xff, 0xfe].withUnsafeBytes { buffer.find($0) } == nil)
            buffer.clear()
            #expect(buffer.isEmpty && buffer.sortedOrder().isEmpty)
        }
    }
}
