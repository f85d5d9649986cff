/// What differs from the model, and examples of it.
struct Findings: Codable {
    var lost = 0
    var doubled = 0
    /// Values that no fed record can have made.
    var strange = 0
    var storesThatDiffer = 0
    var offsetsThatDiffer = 0
    var storesCompared = 0
    var entriesCompared = 0
    private(set) var examples: [String] = []
    private var noted: [String: Int] = [:]

    /// Examples of each kind that are kept.
    static let maximumExamples = 8

    mutating func lose(_ count: Int, _ example: String) {
        lost += count
        note(example, of: "lost")
    }

    mutating func double(_ count: Int, _ example: String) {
        doubled += count
        note(example, of: "doubled")
    }

    mutating func wonder(_ count: Int, _ example: String) {
        strange += count
        note(example, of: "strange")
    }

    mutating func differ(_ example: String) {
        storesThatDiffer += 1
        note(example, of: "store")
    }

    mutating func differ(offset example: String) {
        offsetsThatDiffer += 1
        note(example, of: "offset")
    }

    private mutating func note(_ example: String, of kind: String) {
        noted[kind, default: 0] += 1
        if noted[kind, default: 0] <= Self.maximumExamples { examples.append("\(kind): \(example)") }
    }

    /// Whether it is what exactly-once promises.
    var isClean: Bool { lost + doubled + strange + storesThatDiffer + offsetsThatDiffer == 0 }
}
