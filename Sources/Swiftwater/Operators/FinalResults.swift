/// When the final results of windows are due, and which (KIP-825, S-62).
///
/// Aggregations ask with every record; the answer is a span of windows that have closed since the last one. It is looked for
/// once an interval of the wall clock, and progress is committed, so that nothing is emitted twice after a restart.
struct FinalResults {
    private let context: TaskContext
    private let store: String
    private let interval: Int64
    private var nextLook = Timestamp(rawValue: .min)

    init(context: TaskContext, store: String) {
        self.context = context
        self.store = store
        self.interval = context.settings.emitInterval.milliseconds
    }

    /// The close time of the last emission, and of this one; nil if none is due.
    mutating func due(at closeTime: Int64) -> (last: Int64?, now: Int64)? {
        let now = context.clock.now()
        if now < nextLook { return nil }
        nextLook = Timestamp(rawValue: now.rawValue + interval)
        let last = context.progress[store]
        if let last, last >= closeTime { return nil }
        return (last, closeTime)
    }

    func emitted(until closeTime: Int64) {
        context.progress[store] = closeTime
    }
}
