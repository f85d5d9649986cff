/// Which of some keys was used least recently; each call costs a constant on average.
struct RecencyOrder<Key: Hashable> {
    /// When each key was used last.
    private var last: [Key: Int] = [:]
    /// All uses in their order; one that is not the key's last is passed over.
    private var uses: [(key: Key, time: Int)] = []
    private var first = 0
    private var time = 0

    var count: Int { last.count }

    mutating func use(_ key: Key) {
        time += 1
        last[key] = time
        uses.append((key, time))
        if uses.count > 2 * last.count + 16 { tidy() }
    }

    mutating func remove(_ key: Key) {
        last[key] = nil
    }

    /// Takes out the key whose last use is longest ago.
    mutating func removeEldest() -> Key? {
        while first < uses.count {
            let use = uses[first]
            first += 1
            if last[use.key] == use.time {
                last[use.key] = nil
                return use.key
            }
        }
        return nil
    }

    private mutating func tidy() {
        uses = uses[first...].filter { last[$0.key] == $0.time }
        first = 0
    }
}
