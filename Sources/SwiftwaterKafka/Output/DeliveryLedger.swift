internal import RDKafka

/// What became of the records sent since the last commit: how many are unanswered, what failed first, and how far the
/// changelogs have come.
struct DeliveryLedger {
    /// Records without a report.
    private(set) var pending = 0
    private(set) var failure: KafkaErrorCode?
    /// By slot: the highest offset that was acknowledged; -1 before any.
    private(set) var acknowledged: [Int64] = []
    /// Slots with a success that told no offset (the broker recognised a retry): their end must be asked for.
    private(set) var unknown: Set<Int> = []

    /// A partition whose offsets are kept.
    mutating func addSlot() -> Int {
        acknowledged.append(-1)
        return acknowledged.count - 1
    }

    mutating func sent() { pending += 1 }

    /// `slot` is nil where offsets are not kept.
    mutating func delivered(slot: Int?, offset: Int64, code: KafkaErrorCode?) {
        pending -= 1
        if let code {
            // What the owner gave up is no news.
            if failure == nil, !code.isPurge { failure = code }
            return
        }
        guard let slot else { return }
        if offset < 0 {
            unknown.insert(slot)
        } else if offset > acknowledged[slot] {
            acknowledged[slot] = offset
        }
    }

    /// After a commit: the next interval begins with nothing unknown.
    mutating func settle() {
        unknown.removeAll()
    }
}
