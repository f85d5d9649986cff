/// Emits the changes of a windowed store to the operators downstream: at once, or at commit where the store is cached (S-36).
final class WindowedChanges<Store: WindowedEntries> {
    private let store: Store
    private let outlet: Outlet<Windowed<Store.Key>, Change<Store.Value>>
    private let isCached: Bool
    let sendsOldValues: Bool

    init(
        store: Store,
        outlet: Outlet<Windowed<Store.Key>, Change<Store.Value>>,
        isCached: Bool,
        sendsOldValues: Bool
    ) {
        self.store = store
        self.outlet = outlet
        self.isCached = isCached
        self.sendsOldValues = sendsOldValues
    }

    @inline(__always)
    func changed(
        _ key: Store.Key,
        _ window: Window,
        new: Store.Value?,
        old: Store.Value?,
        timestamp: Timestamp,
        headers: Headers
    ) throws {
        if isCached { return }
        try forward(Windowed(key, window), new, old, timestamp, headers)
    }

    /// Emits a change whether the store is cached or not.
    func forward(
        _ key: Windowed<Store.Key>,
        _ new: Store.Value?,
        _ old: Store.Value?,
        _ timestamp: Timestamp,
        _ headers: Headers
    ) throws {
        let change = Change(new: new, old: sendsOldValues ? old : nil)
        try outlet.forward(Record(key: key, value: change, timestamp: timestamp, headers: headers))
    }

    func flushCache() throws {
        guard isCached else { return }
        let bytes = store.bytes
        let state = try bytes.loadedSegmentState()
        for entry in bytes.buffer.touchOrder() {
            let keyBytes = bytes.buffer.key(at: Int(entry))
            guard let key = try store.windowed(from: keyBytes) else { continue }
            let new = try bytes.buffer.value(at: Int(entry)).map { try store.value(from: TimestampedValue.plain($0)) }
            var old: Store.Value?
            let expiryTime = store.expiryTime(of: key.window)
            defer { state.flush(expiryTime) }
            // A window that came and went within one interval leaves no trace downstream, nor does the end of one that the
            // store behind the cache does not show any more.
            if new == nil || sendsOldValues, expiryTime >= state.segments.earliestReadable(at: state.flushed) {
                old = try bytes.committedValue(of: keyBytes).map { try store.value(from: TimestampedValue.plain($0)) }
            }
            if new == nil, old == nil { continue }
            let time = store.time(of: key.window, bytes.timestamp(of: Int(entry)))
            try forward(key, new, old, time, bytes.headers(of: Int(entry)))
        }
    }
}
