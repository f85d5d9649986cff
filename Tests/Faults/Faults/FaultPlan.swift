/// Which fault comes when, by the seed alone: every kind once before any comes again.
struct FaultPlan {
    struct Entry {
        var time: Duration
        var kind: FaultKind
        /// Which of the workers, modulo those that are free.
        var victim: Int
        /// How long it lasts, from 0 to 1 of what its kind allows.
        var length: Double
        /// What else a kind decides by chance.
        var seed: UInt64
    }

    let entries: [Entry]

    /// - Parameters:
    ///   - time: how long faults may begin.
    ///   - interval: the mean time between two.
    init(seed: UInt64, kinds: [FaultKind], during time: Duration, every interval: Duration) {
        var random = SeededRandom(seed: seed)
        var entries: [Entry] = []
        var bag: [FaultKind] = []
        var next = interval * Double.random(in: 0.2...0.6, using: &random)
        while next < time, !kinds.isEmpty {
            if bag.isEmpty { bag = kinds.shuffled(using: &random) }
            entries.append(
                Entry(
                    time: next, kind: bag.removeLast(), victim: .random(in: 0..<1_000, using: &random),
                    length: .random(in: 0...1, using: &random), seed: random.next()))
            next += interval * Double.random(in: 0.6...1.4, using: &random)
        }
        self.entries = entries
    }
}
