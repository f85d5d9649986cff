/// An inner join of a stream with itself over one store, which does not hold the current record yet (S-76).
///
/// The results and their order are those of the join with two stores: the record with what came before it, what came before it
/// with the record, and in the order of time among the latter the record with itself.
final class SelfJoin<Key, Value, Result>: Processor<Key?, Value?> {
    private let before: Int64
    private let after: Int64
    private let retention: Int64
    private let store: WindowStore<Key, Value>
    private let outlet: Outlet<Key?, Result>
    private let joiner: @Sendable (Key?, Value?, Value?) throws -> Result
    private var streamTime: Int64 = -1

    init(
        name: String,
        context: TaskContext,
        windows: JoinWindows,
        store: WindowStore<Key, Value>,
        outlet: Outlet<Key?, Result>,
        joiner: @escaping @Sendable (Key?, Value?, Value?) throws -> Result
    ) {
        self.before = windows.before.milliseconds
        self.after = windows.after.milliseconds
        self.retention = windows.size + windows.grace.milliseconds
        self.store = store
        self.outlet = outlet
        self.joiner = joiner
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key?, Value?>) throws {
        guard let key = record.key else { return context.drop(.nullKey, node: name) }
        guard let value = record.value else { return context.drop(.nullValue, node: name) }
        let time = record.timestamp.rawValue
        streamTime = max(streamTime, time)
        // The second store would have lost it already; and a window may leave out its own time.
        var isSelfDue = time >= streamTime - retention + 1 && before >= 0 && after >= 0
        func tellSelf() throws {
            isSelfDue = false
            try forward(record, try joiner(key, value, value), time)
        }
        for match in try matches(key, from: time.addingCapped(-before), to: time.addingCapped(after)) {
            try forward(record, try joiner(key, value, match.value), max(time, match.time))
        }
        for match in try matches(key, from: time.addingCapped(-after), to: time.addingCapped(before)) {
            if isSelfDue, match.time > time { try tellSelf() }
            try forward(record, try joiner(key, match.value, value), max(time, match.time))
        }
        if isSelfDue { try tellSelf() }
    }

    /// Collected before anything is told: what follows downstream may write to stores.
    private func matches(_ key: Key, from: Int64, to: Int64) throws -> [(time: Int64, value: Value)] {
        var matches: [(time: Int64, value: Value)] = []
        try store.setKey(key)
        try store.scanCurrent(from: max(0, from), to: max(0, to)) { start, stored in
            matches.append((start, try store.value(from: TimestampedValue.plain(stored))))
            return true
        }
        return matches
    }

    private func forward(_ record: Record<Key?, Value?>, _ result: Result, _ time: Int64) throws {
        try outlet.forward(
            Record(key: record.key, value: result, timestamp: Timestamp(rawValue: time), headers: record.headers))
    }
}
