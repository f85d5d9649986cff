/// Which clock a punctuation goes by.
public enum PunctuationType: Hashable, Sendable {
    /// The task's stream time: the highest time of its records. Without records it stands still.
    case streamTime
    /// The wall clock.
    case wallClockTime
}

/// A punctuation that was scheduled, to call it off.
public final class Cancellable {
    /// Whether it was called off.
    public private(set) var isCancelled = false

    /// Calls the punctuation off; it can be called from inside of it.
    public func cancel() {
        isCancelled = true
    }
}

/// The punctuations of a task by one clock (S-44 to S-46).
final class Punctuations {
    private var queue = PunctuationQueue()
    private var count = 0
    /// No punctuation is due before; cheap to compare with at every record.
    private(set) var nextTime = Int64.max

    /// In the order in which they were scheduled.
    var scheduled: [PunctuationQueue.Scheduled] { queue.scheduled.sorted { $0.number < $1.number } }

    func add(
        first: Int64,
        interval: Int64,
        node: String,
        _ punctuate: @escaping (Timestamp) throws -> Void
    ) -> Cancellable {
        let handle = Cancellable()
        count += 1
        queue.insert(
            .init(next: first, number: count, interval: interval, node: node, handle: handle, punctuate: punctuate))
        nextTime = min(nextTime, first)
        return handle
    }

    /// Calls what is due, the earliest first, each at most once however long ago it was due; returns whether anything was.
    func punctuate(at now: Timestamp, in context: TaskContext) throws -> Bool {
        if nextTime > now.rawValue { return false }
        defer { nextTime = queue.earliest ?? .max }
        var isAny = false
        while var due = queue.takeFirst(upTo: now.rawValue) {
            if due.handle.isCancelled { continue }
            isAny = true
            context.timestamp = now
            // After a gap the missed times are left out: the next is the first after now.
            let missed = max(0, (now.rawValue - due.next) / due.interval)
            due.next = due.next.addingCapped((missed + 1).multipliedCapped(by: due.interval))
            defer {
                // At the end of time there is no next one.
                if !due.handle.isCancelled, due.next > now.rawValue { queue.insert(due) }
            }
            do {
                try due.punctuate(now)
            } catch {
                try context.failures.processing(error, node: due.node, record: nil)
            }
        }
        return isAny
    }
}
