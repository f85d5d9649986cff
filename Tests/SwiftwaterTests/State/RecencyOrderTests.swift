import Testing

@testable import Swiftwater

struct RecencyOrderTests {
    @Test func `the key that was not used for longest goes first, as in a list that is searched`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        var order = RecencyOrder<Int>()
        var model: [Int] = []
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<50, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                order.remove(key)
                model.removeAll { $0 == key }
            case 1:
                let eldest = model.isEmpty ? nil : model.removeFirst()
                #expect(order.removeEldest() == eldest, "step \(step) of seed \(seed)")
            default:
                order.use(key)
                model.removeAll { $0 == key }
                model.append(key)
            }
            #expect(order.count == model.count, "step \(step) of seed \(seed)")
        }
    }
}
