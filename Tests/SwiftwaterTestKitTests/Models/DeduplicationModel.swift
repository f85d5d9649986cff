import Swiftwater

/// Which records a deduplication hands on, said by all those it has handed on before.
struct DeduplicationModel {
    private let interval: Int64
    /// The times of the records handed on that were not too late to be remembered, by what tells them apart.
    private var first: [String: [Int64]] = [:]
    private var streamTime: Int64 = -1

    init(interval: Int64) {
        self.interval = interval
    }

    /// Whether a record is handed on; one without an identity always is.
    mutating func takes(_ identity: String?, at time: Int64) -> Bool {
        streamTime = max(streamTime, time)
        guard let identity else { return true }
        let repeats = first[identity, default: []].contains { streamTime - $0 <= interval && $0 - time <= interval }
        if repeats { return false }
        if streamTime - time <= interval { first[identity, default: []].append(time) }
        return true
    }

    mutating func process(_ input: RuleRun.Input, _ identity: String?) -> [String] {
        guard takes(identity, at: input.time.rawValue) else { return [] }
        return ["\(input.key ?? "null")=\(input.value ?? "null")@\(input.time)"]
    }
}
