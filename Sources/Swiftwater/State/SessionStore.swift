/// Aggregates by key and session, for as long as the store's retention; the counterpart of `SessionStore`.
///
/// A session that ended before the retention behind the latest end the store has seen is dropped and counted (S-59).
public final class SessionStore<Key, Value>: ReadOnlySessionStore<Key, Value> {
    private let context: TaskContext
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, context: TaskContext) {
        self.context = context
        super.init(
            bytes, keySerde: keySerde, valueSerde: valueSerde, applicationID: context.settings.applicationID)
    }

    /// Sets the aggregate of a session; nil removes it.
    public func put(_ value: Value?, of key: Key, _ window: Window) throws {
        try setKey(key)
        try putCurrent(value, window, timestamp: context.timestamp, headers: Headers())
    }

    /// Removes a session.
    public func remove(_ key: Key, _ window: Window) throws {
        try put(nil, of: key, window)
    }

    // MARK: For operators

    /// Writes a session of the current key; one that ended before the retention is dropped and counted.
    func putCurrent(_ value: Value?, _ window: Window, timestamp: Timestamp, headers: Headers) throws {
        try bytes.meter.measure(value == nil ? .remove : .put) { try write(value, window, timestamp, headers) }
    }

    private func write(_ value: Value?, _ window: Window, _ timestamp: Timestamp, _ headers: Headers) throws {
        let state = try bytes.loadedSegmentState()
        state.observe(window.end.rawValue)
        if state.isExpired(window.end.rawValue) {
            context.drop(.expired, node: name)
            return
        }
        compose(window, state.segments)
        valueWriter.clear()
        valueWriter.append(bigEndian: timestamp.rawValue)
        let isWritten = try value.map { try valueSerde.write($0, to: valueWriter, valueContext) } ?? false
        physical.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { stored in
                bytes.set(key, isWritten ? stored : nil, timestamp: timestamp, headers: headers)
            }
        }
    }
}
