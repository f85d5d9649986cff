/// Compares the application's output topics with the model.
struct OutputCheck {
    let topics: ReferenceTopics
    let reader: TopicReader
    let model: Model
    let guarantee: Guarantee
    let cached: Bool

    func run(into findings: inout Findings) throws {
        try checkNumbers(topics.results, Set(0..<model.count), &findings)
        try checkNumbers(topics.pairs, model.pairs, &findings)
        try checkCounts(&findings)
        try checkWindows(&findings)
        // Sums depend on the order, and on nothing being there twice.
        if guarantee == .exactlyOnce { try checkSums(&findings) }
    }

    /// Each number must be there once.
    private func checkNumbers(_ topic: String, _ expected: Set<Int64>, _ findings: inout Findings) throws {
        var seen: [Int64: Int] = [:]
        try reader.read(topic) { entry in
            if let value = entry.value { seen[BigEndian.int64(value), default: 0] += 1 }
        }
        for (number, times) in seen {
            if !expected.contains(number) {
                findings.wonder(1, "\(topic): \(number) cannot be there")
            } else if times > 1 {
                findings.double(times - 1, "\(topic): \(number) is there \(times) times")
            }
        }
        for number in expected.subtracting(seen.keys).sorted() {
            findings.lose(1, "\(topic): \(number) is missing")
        }
    }

    private func checkCounts(_ findings: inout Findings) throws {
        var counts: [String: [Int64]] = [:]
        try reader.read(topics.counts) { entry in
            guard let key = entry.key, let value = entry.value else { return }
            counts[String(decoding: key, as: UTF8.self), default: []].append(BigEndian.int64(value))
        }
        compare(topics.counts, counts, model.counts, &findings)
    }

    private func checkWindows(_ findings: inout Findings) throws {
        var counts: [Model.WindowKey: [Int64]] = [:]
        try reader.read(topics.windows) { entry in
            guard let key = entry.key, key.count >= 8, let value = entry.value else { return }
            let window = Model.WindowKey(
                group: String(decoding: key.dropLast(8), as: UTF8.self), start: BigEndian.int64(key.suffix(8)))
            counts[window, default: []].append(BigEndian.int64(value))
        }
        compare(topics.windows, counts, model.windows, &findings)
    }

    /// The values of a key must be the numbers up to the last one, or with a cache some of them, the last included, going up.
    private func compare<Key: Hashable>(
        _ topic: String, _ found: [Key: [Int64]], _ expected: [Key: Int64], _ findings: inout Findings
    ) {
        for (key, values) in found where expected[key] == nil {
            findings.wonder(values.count, "\(topic): \(key) cannot be there")
        }
        for (key, count) in expected {
            let values = found[key] ?? []
            let last = values.last ?? 0
            if last < count {
                findings.lose(Int(count - last), "\(topic): \(key) ends at \(last) of \(count)")
            } else if last > count {
                findings.double(Int(last - count), "\(topic): \(key) ends at \(last), beyond \(count)")
            } else if guarantee == .exactlyOnce {
                let repeats = zip(values, values.dropFirst()).filter { $0 >= $1 }.count
                if repeats > 0 {
                    findings.double(repeats, "\(topic): \(key) does not go up, \(repeats) times")
                }
                if !cached, repeats == 0, values.count < count {
                    findings.lose(Int(count) - values.count, "\(topic): \(key) has \(values.count) updates of \(count)")
                }
            }
        }
    }

    private func checkSums(_ findings: inout Findings) throws {
        var sums: [String: [Int64?]] = [:]
        try reader.read(topics.sums) { entry in
            guard let key = entry.key else { return }
            sums[String(decoding: key, as: UTF8.self), default: []].append(entry.value.map { BigEndian.int64($0) })
        }
        for (key, expected) in model.sums {
            let found = sums[key] ?? []
            let isRight =
                cached ? found.last == expected.last || found.isEmpty && expected.last == .some(nil) : found == expected
            if !isRight {
                let place = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                findings.wonder(
                    1,
                    "\(topics.sums): \(key) has \(found.count) of \(expected.count) values, other from \(place ?? -1) on"
                )
            }
        }
    }
}
