/// Values by key and window start, for as long as the store's retention; the counterpart of `WindowStore`.
///
/// A put that comes later than the retention behind the latest start the store has seen is dropped and counted (S-59).
public final class WindowStore<Key, Value>: ReadOnlyWindowStore<Key, Value> {
    private let context: TaskContext
    private let retainsDuplicates: Bool
    private let valueWriter = ByteWriter()

    init(
        _ bytes: KeyValueBytesStore,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        windowSize: Int64,
        windowEnd: WindowEnd? = nil,
        context: TaskContext
    ) {
        self.context = context
        if case .window(_, let retains) = bytes.definition.kind {
            retainsDuplicates = retains
        } else {
            retainsDuplicates = false
        }
        super.init(
            bytes,
            keySerde: keySerde,
            valueSerde: valueSerde,
            windowSize: windowSize,
            windowEnd: windowEnd,
            applicationID: context.settings.applicationID
        )
    }

    /// Sets the value of a key and window, nil deletes it; with duplicates kept, adds it, and nil does nothing (S-29).
    public func put(_ value: Value?, of key: Key, start: Timestamp) throws {
        try setKey(key)
        try putCurrent(value, start: start.rawValue, timestamp: context.timestamp, headers: Headers())
    }

    // MARK: For operators

    /// Whether the entry of the current key at a start was written or deleted since the last commit.
    func isChanged(at start: Int64) throws -> Bool {
        compose(start, 0, try bytes.loadedSegmentState().segments)
        return physical.withUnsafeBytes { bytes.buffer.find($0) != nil }
    }

    /// Writes a value of the current key; one that comes after the retention is dropped and counted.
    func putCurrent(_ value: Value?, start: Int64, timestamp: Timestamp, headers: Headers) throws {
        try bytes.meter.measure(.put) { try write(value, start, timestamp, headers) }
    }

    private func write(_ value: Value?, _ start: Int64, _ timestamp: Timestamp, _ headers: Headers) throws {
        let state = try bytes.loadedSegmentState()
        if value == nil, retainsDuplicates { return }
        state.observe(start)
        if state.isExpired(start) {
            context.drop(.expired, node: name)
            return
        }
        compose(start, retainsDuplicates ? state.nextSequence() : 0, state.segments)
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
