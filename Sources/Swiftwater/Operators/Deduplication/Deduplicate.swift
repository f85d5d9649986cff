/// Hands on the first record of an identity and leaves out those that repeat it within an interval (KIP-655).
///
/// The store has the records that were handed on, each at its own time and with where it came from; which of them still count is
/// decided by stream time, so that the store forgets by segments and nothing is ever deleted from it. Stream time is committed with
/// the offsets: after a restart the same records repeat the same ones.
///
/// Where it came from matters after a crash under at-least-once. The changelog may then know records that were not committed and
/// come again: they must not be taken for repetitions of themselves, or they would be lost.
final class Deduplicate<Key, Value, Identity>: Processor<Key, Value> {
    private let interval: Int64
    private let store: WindowStore<Identity, RecordMetadata>
    private let outlet: Outlet<Key, Value>
    private let identity: (Record<Key, Value>) throws -> Identity?
    /// The latest time of any record, also of those without an identity; nil before the first.
    private var streamTime: Int64?

    /// - Parameter identity: what a record is told apart by; nil repeats nothing.
    init(
        name: String,
        context: TaskContext,
        interval: Int64,
        store: WindowStore<Identity, RecordMetadata>,
        outlet: Outlet<Key, Value>,
        identity: @escaping (Record<Key, Value>) throws -> Identity?
    ) {
        self.interval = interval
        self.store = store
        self.outlet = outlet
        self.identity = identity
        // How far back entries count is for this operator to say: the store hides and refuses none that its segments have room for.
        store.bytes.segmentState?.readsWholeSegments = true
        store.bytes.segmentState?.isStrict = false
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        let time = record.timestamp.rawValue
        let now = observe(time)
        if let identity = try identity(record), try store.setKeyUnlessNull(identity) {
            let earliest = max(0, now.subtractingCapped(interval))
            if try isRepetition(time, from: earliest, to: now) { return context.drop(.duplicate, node: name) }
            if time >= earliest { try remember(record.timestamp) }
        }
        try outlet.forward(record)
    }

    /// Moves stream time on; gives what it is then.
    private func observe(_ time: Int64) -> Int64 {
        let last = streamTime ?? context.progress[store.name] ?? -1
        let now = max(last, time)
        streamTime = now
        if now > last { context.progress[store.name] = now }
        return now
    }

    /// Whether a record of the store's current key is one that was handed on already.
    private func isRepetition(_ time: Int64, from earliest: Int64, to now: Int64) throws -> Bool {
        var isRepetition = false
        try store.scanCurrent(from: earliest, to: now) { start, stored in
            if start.subtractingCapped(time) > interval { return true }
            if try isOfLostAttempt(TimestampedValue.plain(stored), at: start) { return true }
            isRepetition = true
            return false
        }
        return isRepetition
    }

    /// Whether an entry was left by an attempt at the current record, or one behind it, that was never committed.
    ///
    /// Since the last commit only this attempt wrote: an entry of then is of the current record where that gave several.
    private func isOfLostAttempt(_ origin: UnsafeRawBufferPointer, at start: Int64) throws -> Bool {
        guard context.offset >= 0, try RecordMetadata.offset(in: origin) >= context.offset else { return false }
        let origin = try store.value(from: origin)
        guard origin.topic == context.topic, origin.partition == context.partition else { return false }
        return try !store.isChanged(at: start)
    }

    private func remember(_ timestamp: Timestamp) throws {
        let origin = context.recordMetadata ?? RecordMetadata(topic: "", partition: -1, offset: -1)
        try store.putCurrent(origin, start: timestamp.rawValue, timestamp: timestamp, headers: Headers())
    }
}
