/// Punctuations by when they are due; those of one time come in the order of Java's `PriorityQueue`, whose heap this is.
struct PunctuationQueue {
    struct Scheduled {
        /// When it is due, in milliseconds.
        var next: Int64
        /// How many were scheduled before, and one.
        let number: Int
        /// In milliseconds.
        let interval: Int64
        let node: String
        let handle: Cancellable
        let punctuate: (Timestamp) throws -> Void
    }

    /// Each is due no earlier than the one at half its position.
    private(set) var scheduled: [Scheduled] = []

    var earliest: Int64? { scheduled.first?.next }

    mutating func insert(_ new: Scheduled) {
        var position = scheduled.count
        scheduled.append(new)
        while position > 0 {
            let parent = (position - 1) / 2
            if new.next >= scheduled[parent].next { break }
            scheduled[position] = scheduled[parent]
            position = parent
        }
        scheduled[position] = new
    }

    /// Takes out the first one if it is due at a time.
    mutating func takeFirst(upTo time: Int64) -> Scheduled? {
        guard let first = scheduled.first, first.next <= time else { return nil }
        let last = scheduled.removeLast()
        if scheduled.isEmpty { return first }
        var position = 0
        while position < scheduled.count / 2 {
            var child = 2 * position + 1
            if child + 1 < scheduled.count, scheduled[child].next > scheduled[child + 1].next { child += 1 }
            if last.next <= scheduled[child].next { break }
            scheduled[position] = scheduled[child]
            position = child
        }
        scheduled[position] = last
        return first
    }
}
