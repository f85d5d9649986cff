/// Keeps one aggregate a key and sliding window (KIP-450).
///
/// A record at time t ends one window, [t − d, t], and begins another, [t + 1, t + 1 + d], once a later record falls in it.
/// Of the windows that hold t all that exist are updated; of those that should exist now and do not, up to three are made:
/// the record's left window, its right window, and the right window of the record before it. The latest time in a window, kept
/// with its aggregate, tells which records it holds (S-56). Windows are read into `found` first, the latest start first.
final class SlidingWindowAggregate<Key, Value, Result>: Processor<Key, Value> {
    typealias Update = @Sendable (Key, Value, Result?) throws -> Result?
    private typealias Aggregate = (value: Result, timestamp: Int64)

    private let difference: Int64
    private let grace: Int64
    private let store: WindowStore<Key, Result>
    private let changes: WindowedChanges<WindowStore<Key, Result>>
    private let late: Outlet<Key, Value>?
    private let isNil: (@Sendable (Value) -> Bool)?
    private let update: Update
    private var final: FinalResults?
    private var observedTime: Int64 = -1
    private var found: [(start: Int64, value: Result, timestamp: Int64)] = []

    init(
        name: String,
        context: TaskContext,
        windows: SlidingWindows,
        store: WindowStore<Key, Result>,
        changes: WindowedChanges<WindowStore<Key, Result>>,
        late: Outlet<Key, Value>?,
        emit: EmitStrategy,
        isNil: (@Sendable (Value) -> Bool)?,
        update: @escaping Update
    ) {
        self.difference = windows.timeDifference.milliseconds
        self.grace = windows.grace.milliseconds
        self.store = store
        self.changes = changes
        self.late = late
        self.isNil = isNil
        self.update = update
        if emit == .onWindowClose { self.final = FinalResults(context: context, store: store.name) }
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        if let isNil, isNil(record.value) { return context.drop(.nullValue, node: name) }
        let time = record.timestamp.rawValue
        observedTime = max(observedTime, time)
        let closeTime = observedTime - grace
        if time.addingCapped(difference) < closeTime {
            context.drop(.late, node: name)
            try late?.forward(record)
            return
        }
        try store.setKey(record.key)
        if time < difference {
            try processEarly(record, time, closeTime)
        } else {
            try processRegular(record, time, closeTime)
        }
        if final != nil { try emitFinal(closeTime, record.headers) }
    }

    private func read(from: Int64, to: Int64, reverse: Bool) throws {
        found.removeAll(keepingCapacity: true)
        try store.scanCurrent(from: from, to: to, reverse: reverse) { start, stored in
            found.append(
                (
                    start, try store.value(from: TimestampedValue.plain(stored)),
                    TimestampedValue.timestamp(of: stored).rawValue
                )
            )
            return true
        }
    }

    private func processRegular(_ record: Record<Key, Value>, _ time: Int64, _ closeTime: Int64) throws {
        try read(from: max(0, time - 2 * difference), to: time.addingCapped(1), reverse: true)
        var left: Aggregate?
        var right: Aggregate?
        var hasLeft = false
        var hasRight = false
        var previous: Int64?
        var seen = 0
        for (start, value, latest) in found {
            seen += 1
            let end = start.addingCapped(difference)
            if start > time {
                hasRight = true
            } else if end > time {
                if right == nil { right = (value, latest) }
                try enter(start, (value, latest), record, closeTime)
            } else if end == time {
                hasLeft = true
                try enter(start, (value, latest), record, closeTime)
                // Another record of this very time made all windows there are to make.
                if latest >= time { return }
                previous = latest
            } else {
                left = (value, latest)
                previous = latest
                break
            }
        }
        let starts = found.prefix(seen)
        if let previous, time - previous - 1 <= difference, !starts.contains(where: { $0.start == previous + 1 }) {
            try enter(previous + 1, nil, record, closeTime)
        }
        if !hasLeft {
            let isEmpty = previous.map { time - difference > $0 } ?? true
            try enter(time - difference, isEmpty ? nil : left.map { ($0.value, time) }, record, closeTime)
        }
        if !hasRight, let right, right.timestamp > time { try beginRight(of: time, right, record) }
    }

    /// Records before the first full window share the one that begins at 0 (S-57).
    private func processEarly(_ record: Record<Key, Value>, _ time: Int64, _ closeTime: Int64) throws {
        try read(from: 0, to: time + 1, reverse: false)
        var combined: Aggregate?
        var right: Aggregate?
        var hasRight = false
        var previous: Int64?
        for (start, value, latest) in found {
            if start == 0 {
                combined = (value, latest)
                if latest < time { previous = latest }
            } else if start <= time {
                right = (value, latest)
                try enter(start, (value, latest), record, closeTime)
            } else {
                hasRight = true
            }
        }
        if right == nil, let combined, combined.timestamp > time { right = combined }
        if !hasRight, let right, right.timestamp > time { try beginRight(of: time, right, record) }
        if let previous, !found.contains(where: { $0.start == previous + 1 }) {
            try enter(previous + 1, nil, record, closeTime)
        }
        try enter(0, combined, record, closeTime)
    }

    /// Adds the record to a window, unless that has closed.
    private func enter(_ start: Int64, _ old: Aggregate?, _ record: Record<Key, Value>, _ closeTime: Int64) throws {
        guard start.addingCapped(difference) >= closeTime else { return context.drop(.late, node: name) }
        let new = try update(record.key, record.value, old?.value)
        let timestamp = max(record.timestamp.rawValue, old?.timestamp ?? record.timestamp.rawValue)
        try put(start, new, old?.value, timestamp, record)
    }

    /// Makes the window behind a record out of what fell into it before the record came.
    private func beginRight(of time: Int64, _ right: Aggregate, _ record: Record<Key, Value>) throws {
        try put(time + 1, right.value, nil, right.timestamp, record)
    }

    private func put(
        _ start: Int64,
        _ new: Result?,
        _ old: Result?,
        _ timestamp: Int64,
        _ record: Record<Key, Value>
    ) throws {
        let timestamp = Timestamp(rawValue: timestamp)
        try store.putCurrent(new, start: start, timestamp: timestamp, headers: record.headers)
        guard final == nil else { return }
        let window = Window(start: Timestamp(rawValue: start), end: Timestamp(rawValue: start.addingCapped(difference)))
        try changes.changed(
            record.key, window, new: new, old: old, timestamp: timestamp, headers: record.headers)
    }

    private func emitFinal(_ closeTime: Int64, _ headers: Headers) throws {
        let state = try store.bytes.loadedSegmentState()
        if state.heldFrom == nil { state.heldFrom = context.progress[store.name].map { max(0, $0 - difference) } ?? 0 }
        // The end belongs to the window: it has closed when the close time is behind it.
        guard let due = final?.due(at: closeTime), closeTime - difference - 1 >= 0 else { return }
        let found = try store.collectAll(
            from: due.last.map { max(0, $0 - difference) } ?? 0,
            to: closeTime - difference - 1,
            includingExpired: true
        )
        for entry in found { try changes.forward(entry.key, entry.value, nil, entry.timestamp, headers) }
        final?.emitted(until: closeTime)
        state.heldFrom = max(0, closeTime - difference)
    }
}
