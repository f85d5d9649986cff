/// Keeps one aggregate a key and session; a record that joins sessions merges them.
final class SessionWindowAggregate<Key, Value, Result>: Processor<Key, Value> {
    /// The functions of an aggregation over sessions; nil is an aggregate that is not there.
    struct Functions: Sendable {
        var initial: @Sendable () -> Result?
        var update: @Sendable (Key, Value, Result?) throws -> Result?
        var merge: @Sendable (Key, Result?, Result) throws -> Result?
    }

    private let gap: Int64
    private let grace: Int64
    private let store: SessionStore<Key, Result>
    private let changes: WindowedChanges<SessionStore<Key, Result>>
    private let late: Outlet<Key, Value>?
    private let functions: Functions
    private var final: FinalResults?
    private var observedTime: Int64 = -1
    private var found: [(window: Window, value: Result)] = []

    init(
        name: String,
        context: TaskContext,
        windows: SessionWindows,
        store: SessionStore<Key, Result>,
        changes: WindowedChanges<SessionStore<Key, Result>>,
        late: Outlet<Key, Value>?,
        emit: EmitStrategy,
        functions: Functions
    ) {
        self.gap = windows.inactivityGap.milliseconds
        self.grace = windows.grace.milliseconds
        self.store = store
        self.changes = changes
        self.late = late
        self.functions = functions
        if emit == .onWindowClose { self.final = FinalResults(context: context, store: store.name) }
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        let time = record.timestamp.rawValue
        observedTime = max(observedTime, time)
        let closeTime = observedTime - grace - gap
        let own = Window(start: record.timestamp, end: record.timestamp)
        try store.setKey(record.key)
        found.removeAll(keepingCapacity: true)
        try store.scanCurrent(earliestEnd: time - gap, latestStart: time.addingCapped(gap)) { window, stored in
            found.append((window, try store.value(from: TimestampedValue.plain(stored))))
            return true
        }
        var merged = own
        var aggregate = functions.initial()
        for (window, value) in found {
            aggregate = try functions.merge(record.key, aggregate, value)
            merged.start = min(merged.start, window.start)
            merged.end = max(merged.end, window.end)
        }
        // S-55: a late record may live on in a session that is still open.
        if merged.end.rawValue < closeTime {
            context.drop(.late, node: name)
            try late?.forward(record)
        } else {
            if merged != own {
                for (window, value) in found {
                    try put(nil, value, window, record)
                }
            }
            try put(try functions.update(record.key, record.value, aggregate), nil, merged, record)
        }
        if final != nil { try emitFinal(closeTime, record.headers) }
    }

    private func put(_ new: Result?, _ old: Result?, _ window: Window, _ record: Record<Key, Value>) throws {
        try store.putCurrent(new, window, timestamp: record.timestamp, headers: record.headers)
        guard final == nil else { return }
        // Without a cache Kafka Streams forwards the changes of sessions without headers.
        try changes.changed(record.key, window, new: new, old: old, timestamp: window.end, headers: Headers())
    }

    private func emitFinal(_ closeTime: Int64, _ headers: Headers) throws {
        let state = try store.bytes.loadedSegmentState()
        if state.heldFrom == nil { state.heldFrom = context.progress[store.name].map { max(0, $0) } ?? 0 }
        guard let due = final?.due(at: closeTime), closeTime - 1 >= 0 else { return }
        let found = try store.collectAll(
            from: due.last.map { max(0, $0) } ?? 0, to: closeTime - 1, includingExpired: true)
        for entry in found { try changes.forward(entry.key, entry.value, nil, entry.key.window.end, headers) }
        final?.emitted(until: closeTime)
        state.heldFrom = max(0, closeTime)
    }
}
