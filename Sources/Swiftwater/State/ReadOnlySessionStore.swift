/// Aggregates by key and session, to be read: what queries see of a session store; the counterpart of `ReadOnlySessionStore`.
///
/// Start and end of a session belong to it. Retention is measured by the sessions' ends (S-60).
public class ReadOnlySessionStore<Key, Value>: WindowedEntries, QueryableView {
    /// One session of a key.
    public struct Session {
        /// The session's first and last record's times.
        public var window: Window
        /// The aggregate.
        public var value: Value
    }

    let bytes: KeyValueBytesStore
    private let keySerde: Serde<Key>
    let valueSerde: Serde<Value>
    private let keyPart = ByteWriter()
    let physical = ByteWriter()
    private let keyContext: SerdeContext
    let valueContext: SerdeContext
    private static var suffix: Int { 16 }

    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, applicationID: String) {
        self.bytes = bytes
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        let topic = bytes.definition.changelogTopic(applicationID: applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    // MARK: For processors and queries

    /// The store's name.
    public var name: String { bytes.definition.name }

    /// The aggregate of exactly this session.
    public func value(of key: Key, _ window: Window) throws -> Value? {
        try value(of: key, window, asCommitted: false)
    }

    /// The aggregate of exactly this session, as it is or as the last commit left it.
    func value(of key: Key, _ window: Window, asCommitted: Bool) throws -> Value? {
        try bytes.meter.measure(.fetch) {
            try setKey(key)
            let state = try bytes.loadedSegmentState()
            if window.end.rawValue < state.earliestReadable { return nil }
            compose(window, state.segments)
            return try physical.withUnsafeBytes { key in
                try (asCommitted ? bytes.committedValue(of: key) : bytes.value(of: key))
                    .map { try self.value(from: TimestampedValue.plain($0)) }
            }
        }
    }

    /// The sessions of a key that end at or after one time and start at or before another, by end and then by start.
    public func findSessions(
        _ key: Key,
        earliestEnd: Timestamp = 0,
        latestStart: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [Session] {
        try setKey(key)
        var sessions: [Session] = []
        try scanCurrent(earliestEnd: earliestEnd.rawValue, latestStart: latestStart.rawValue, reverse: reverse) {
            window, stored in
            sessions.append(Session(window: window, value: try value(from: TimestampedValue.plain(stored))))
            return true
        }
        return sessions
    }

    /// The sessions of all keys that end between two times, both included: by end, then start, then the keys' bytes.
    public func fetchAll(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max)
    ) throws -> [(key: Windowed<Key>, value: Value)] {
        try collectAll(from: from.rawValue, to: to.rawValue, includingExpired: false)
    }

    // MARK: For operators

    /// Makes a key the current one, for the methods that follow.
    func setKey(_ key: Key) throws {
        keyPart.clear()
        guard try keySerde.write(key, to: keyPart, keyContext) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
        }
    }

    /// The sessions of the current key that end at or after one time and start at or before another; `body` writes to no store.
    func scanCurrent(
        earliestEnd: Int64,
        latestStart: Int64,
        reverse: Bool = false,
        _ body: (_ window: Window, _ stored: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try bytes.meter.measure(.fetch) {
            try walkCurrent(earliestEnd: earliestEnd, latestStart: latestStart, reverse: reverse, body)
        }
    }

    private func walkCurrent(
        earliestEnd: Int64,
        latestStart: Int64,
        reverse: Bool,
        _ body: (_ window: Window, _ stored: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let state = try bytes.loadedSegmentState()
        let segments = state.segments
        let from = max(earliestEnd, state.earliestReadable)
        if from > state.latest { return }
        let length = 8 + keyPart.count + Self.suffix
        var goesOn = true
        func visit(_ key: UnsafeRawBufferPointer, _ stored: UnsafeRawBufferPointer) throws -> Bool {
            guard key.count == length, isCurrent(key) else { return true }
            let window = Self.window(of: key)
            if window.start.rawValue > latestStart || window.end.rawValue < from { return true }
            goesOn = try body(window, stored)
            return goesOn
        }
        let first = segments.group(of: from)
        let last = segments.group(of: state.latest)
        if last - first > 64 {
            try bytes.scan(
                from: ByteWriter.bound(first), to: ByteWriter.bound(last.addingCapped(1)), reverse: reverse, visit)
            return
        }
        for step in 0...(last - first) {
            let group = reverse ? last - step : first + step
            try bytes.scan(
                from: ByteWriter.bound(group, keyPart, from, Int64(0)),
                to: ByteWriter.bound(group, keyPart, Int64.max, Int64.max),
                reverse: reverse,
                visit
            )
            if !goesOn { return }
        }
    }

    /// All sessions that end between two times, by end, start and key; with what cannot be read any more, where asked for.
    func collectAll(
        from: Int64,
        to: Int64,
        includingExpired: Bool
    ) throws -> [(key: Windowed<Key>, value: Value)] {
        try bytes.meter.measure(.fetch) { try walkAll(from: from, to: to, includingExpired: includingExpired) }
    }

    private func walkAll(
        from: Int64,
        to: Int64,
        includingExpired: Bool
    ) throws -> [(key: Windowed<Key>, value: Value)] {
        let state = try bytes.loadedSegmentState()
        let from = includingExpired ? from : max(from, state.earliestReadable)
        let to = min(to, state.latest)
        if from > to { return [] }
        var found: [(bytes: [UInt8], window: Window, value: Value)] = []
        try bytes.scan(
            from: ByteWriter.bound(state.segments.group(of: from)),
            to: ByteWriter.bound(state.segments.group(of: to).addingCapped(1))
        ) { key, stored in
            guard key.count >= 8 + Self.suffix else { return true }
            let window = Self.window(of: key)
            if window.end.rawValue < from || window.end.rawValue > to { return true }
            let plain = Array(key[8..<(key.count - Self.suffix)])
            found.append((plain, window, try value(from: TimestampedValue.plain(stored))))
            return true
        }
        found.sort { left, right in
            if left.window.end != right.window.end { return left.window.end < right.window.end }
            if left.window.start != right.window.start { return left.window.start < right.window.start }
            return left.bytes.withUnsafeBytes { left in right.bytes.withUnsafeBytes { compare(left, $0) < 0 } }
        }
        return try found.map { entry in
            (Windowed(try entry.bytes.withUnsafeBytes { try keySerde.read($0, keyContext) }, entry.window), entry.value)
        }
    }

    // MARK: Bytes

    func windowed(from physical: UnsafeRawBufferPointer) throws -> Windowed<Key>? {
        guard physical.count >= 8 + Self.suffix else { return nil }
        let key = try keySerde.read(.init(rebasing: physical[8..<(physical.count - Self.suffix)]), keyContext)
        return Windowed(key, Self.window(of: physical))
    }

    func value(from stored: UnsafeRawBufferPointer) throws -> Value {
        try valueSerde.read(stored, valueContext)
    }

    func expiryTime(of window: Window) -> Int64 { window.end.rawValue }

    /// A session's changes carry its end (S-53).
    func time(of window: Window, _ stored: Timestamp) -> Timestamp { window.end }

    private func isCurrent(_ physical: UnsafeRawBufferPointer) -> Bool {
        keyPart.withUnsafeBytes { equal($0, .init(rebasing: physical[8..<(8 + $0.count)])) }
    }

    func compose(_ window: Window, _ segments: Segments) {
        physical.clear()
        physical.append(bigEndian: segments.group(of: window.end.rawValue))
        keyPart.withUnsafeBytes { physical.append(contentsOf: $0) }
        physical.append(bigEndian: window.end.rawValue)
        physical.append(bigEndian: window.start.rawValue)
    }

    private static func window(of physical: UnsafeRawBufferPointer) -> Window {
        let end = physical.loadUnaligned(fromByteOffset: physical.count - 16, as: Int64.self)
        let start = physical.loadUnaligned(fromByteOffset: physical.count - 8, as: Int64.self)
        return Window(
            start: Timestamp(rawValue: Int64(bigEndian: start)),
            end: Timestamp(rawValue: Int64(bigEndian: end))
        )
    }
}

extension ReadOnlySessionStore.Session: Sendable where Value: Sendable {}
extension ReadOnlySessionStore.Session: Equatable where Value: Equatable {}
