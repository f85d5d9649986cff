/// Keeps one aggregate a key and window, for windows that a record's time decides.
final class WindowAggregate<Key, Value, Result, W: Windows>: Processor<Key, Value> {
    typealias Update = @Sendable (Key, Value, Result?) throws -> Result?

    private let windows: W
    private let size: Int64
    private let grace: Int64
    private let isOfOneSize: Bool
    private let store: WindowStore<Key, Result>
    private let changes: WindowedChanges<WindowStore<Key, Result>>
    private let late: Outlet<Key, Value>?
    private let update: Update
    private var final: FinalResults?
    private var observedTime: Int64 = -1

    init(
        name: String,
        context: TaskContext,
        windows: W,
        store: WindowStore<Key, Result>,
        changes: WindowedChanges<WindowStore<Key, Result>>,
        late: Outlet<Key, Value>?,
        emit: EmitStrategy,
        update: @escaping Update
    ) {
        self.windows = windows
        self.size = windows.size.milliseconds
        self.grace = windows.grace.milliseconds
        isOfOneSize = windows is TimeWindows
        self.store = store
        self.changes = changes
        self.late = late
        self.update = update
        if emit == .onWindowClose { self.final = FinalResults(context: context, store: store.name) }
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        // S-50: the record itself may close the window that it is too late for.
        observedTime = max(observedTime, record.timestamp.rawValue)
        let closeTime = observedTime - grace
        var entered = false
        var missed = false
        try store.setKey(record.key)
        try windows.forEachWindow(containing: record.timestamp) { window in
            guard window.end.rawValue > closeTime else {
                missed = true
                context.drop(.late, node: name)
                return
            }
            entered = true
            try update(window, with: record)
        }
        if missed, !entered, let late { try late.forward(record) }
        if final != nil { try emitFinal(closeTime, record.headers) }
    }

    private func update(_ window: Window, with record: Record<Key, Value>) throws {
        let start = window.start.rawValue
        let old = try store.current(at: start)
        let new = try update(record.key, record.value, old?.value)
        let timestamp = max(record.timestamp, old?.timestamp ?? record.timestamp)
        // A deletion is as old as the record that caused it.
        let stored = new == nil ? record.timestamp : timestamp
        try store.putCurrent(new, start: start, timestamp: stored, headers: record.headers)
        guard final == nil else { return }
        try changes.changed(
            record.key,
            window,
            new: new,
            old: old?.value,
            timestamp: timestamp,
            headers: record.headers
        )
    }

    private func emitFinal(_ closeTime: Int64, _ headers: Headers) throws {
        let state = try store.bytes.loadedSegmentState()
        if state.heldFrom == nil { state.heldFrom = (context.progress[store.name]).map { max(0, $0 - size + 1) } ?? 0 }
        // Windows that are not all of one size end in another order than they begin in.
        let latest = isOfOneSize ? closeTime - size : closeTime - 1
        guard let due = final?.due(at: closeTime), latest >= 0 else { return }
        let found = try store.collectAll(
            from: due.last.map { max(0, $0 - size + 1) } ?? 0,
            to: latest,
            includingExpired: true
        )
        for entry in found where isDue(entry.key.window, after: due.last, until: closeTime) {
            try changes.forward(entry.key, entry.value, nil, entry.timestamp, headers)
        }
        final?.emitted(until: closeTime)
        state.heldFrom = max(0, closeTime - size + 1)
    }

    private func isDue(_ window: Window, after last: Int64?, until closeTime: Int64) -> Bool {
        isOfOneSize || window.end.rawValue <= closeTime && last.map { window.end.rawValue > $0 } ?? true
    }
}
