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
    struct Scheduled {
        fileprivate var next: Int64
        /// In milliseconds.
        let interval: Int64
        let node: String
        let handle: Cancellable
        let punctuate: (Timestamp) throws -> Void
    }

    private(set) var scheduled: [Scheduled] = []
    /// No punctuation is due before; cheap to compare with at every record.
    private(set) var nextTime = Int64.max

    func add(
        first: Int64,
        interval: Int64,
        node: String,
        _ punctuate: @escaping (Timestamp) throws -> Void
    ) -> Cancellable {
        let handle = Cancellable()
        scheduled.append(Scheduled(next: first, interval: interval, node: node, handle: handle, punctuate: punctuate))
        nextTime = min(nextTime, first)
        return handle
    }

    /// Calls what is due, the earliest first, each at most once however long ago it was due; returns whether anything was.
    func punctuate(at now: Timestamp, in context: TaskContext) throws -> Bool {
        if nextTime > now.rawValue { return false }
        scheduled.removeAll(where: \.handle.isCancelled)
        var isAny = false
        while let index = earliest(), scheduled[index].next <= now.rawValue {
            let due = scheduled[index]
            // After a gap the missed times are left out: the next is the first after now.
            let missed = max(0, (now.rawValue - due.next) / due.interval)
            let next = due.next.addingCapped((missed + 1).multipliedCapped(by: due.interval))
            // At the end of time there is no next one.
            if due.handle.isCancelled || next <= now.rawValue {
                scheduled.remove(at: index)
            } else {
                scheduled[index].next = next
            }
            if due.handle.isCancelled { continue }
            isAny = true
            context.timestamp = now
            do {
                try due.punctuate(now)
            } catch {
                try context.failures.processing(error, node: due.node, record: nil)
            }
        }
        scheduled.removeAll(where: \.handle.isCancelled)
        nextTime = scheduled.map(\.next).min() ?? .max
        return isAny
    }

    private func earliest() -> Int? {
        scheduled.indices.min { scheduled[$0].next < scheduled[$1].next }
    }
}
