/// Values by key and window start, to be read: what queries see of a window store; the counterpart of `ReadOnlyWindowStore`.
///
/// One entry a key and start, or, where the store keeps duplicates, one for each put. What is older than the retention behind
/// the latest start the store has seen is not found (S-60).
public class ReadOnlyWindowStore<Key, Value>: WindowedEntries, QueryableView {
    /// One entry of a store.
    public struct Entry {
        /// The window's start.
        public var start: Timestamp
        /// The value.
        public var value: Value
        /// The time of the last update.
        public var timestamp: Timestamp
    }

    let bytes: KeyValueBytesStore
    private let keySerde: Serde<Key>
    let valueSerde: Serde<Value>
    private let windowSize: Int64
    /// Tells the end of a window of its start, where windows are not all of one size.
    private let windowEnd: WindowEnd?
    private let keyPart = ByteWriter()
    let physical = ByteWriter()
    private let keyContext: SerdeContext
    let valueContext: SerdeContext
    private static var suffix: Int { 12 }

    init(
        _ bytes: KeyValueBytesStore,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        windowSize: Int64,
        windowEnd: WindowEnd? = nil,
        applicationID: String
    ) {
        self.bytes = bytes
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.windowSize = windowSize
        self.windowEnd = windowEnd
        let topic = bytes.definition.changelogTopic(applicationID: applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    // MARK: For processors and queries

    /// The store's name.
    public var name: String { bytes.definition.name }

    /// The value of a key and window.
    public func value(of key: Key, start: Timestamp) throws -> Value? {
        try setKey(key)
        return try current(at: start.rawValue)?.value
    }

    /// The entries of a key whose windows start between two times, both included, in the order of time.
    public func fetch(
        _ key: Key,
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [Entry] {
        try setKey(key)
        var entries: [Entry] = []
        try scanCurrent(from: from.rawValue, to: to.rawValue, reverse: reverse) { start, stored in
            entries.append(try entry(start, stored))
            return true
        }
        return entries
    }

    /// The entries of all keys whose windows start between two times, both included: by start, then by the keys' bytes.
    public func fetchAll(
        from: Timestamp = 0,
        to: Timestamp = Timestamp(rawValue: .max),
        reverse: Bool = false
    ) throws -> [(key: Windowed<Key>, value: Value, timestamp: Timestamp)] {
        let found = try collectAll(from: from.rawValue, to: to.rawValue, includingExpired: false)
        return reverse ? found.reversed() : found
    }

    // MARK: For operators

    /// Makes a key the current one, for the methods that follow.
    func setKey(_ key: Key) throws {
        guard try setKeyUnlessNull(key) else {
            throw StreamsError(.stateStore, "a store has no null key", at: .init(store: name))
        }
    }

    /// Makes a key the current one; false if it is written as null, which no store has.
    func setKeyUnlessNull(_ key: Key) throws -> Bool {
        keyPart.clear()
        return try keySerde.write(key, to: keyPart, keyContext)
    }

    /// The value of the current key in the window of a start, as it is or as the last commit left it.
    func current(at start: Int64, asCommitted: Bool = false) throws -> (value: Value, timestamp: Timestamp)? {
        try bytes.meter.measure(.fetch) {
            let state = try bytes.loadedSegmentState()
            if start < state.earliestReadable { return nil }
            compose(start, 0, state.segments)
            return try physical.withUnsafeBytes { key in
                let stored = try asCommitted ? bytes.committedValue(of: key) : bytes.value(of: key)
                guard let stored else { return nil }
                return (try value(from: TimestampedValue.plain(stored)), TimestampedValue.timestamp(of: stored))
            }
        }
    }

    /// The entries of the current key between two starts, both included, in the order of time; `body` writes to no store.
    func scanCurrent(
        from: Int64,
        to: Int64,
        reverse: Bool = false,
        _ body: (_ start: Int64, _ stored: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try bytes.meter.measure(.fetch) { try walkCurrent(from: from, to: to, reverse: reverse, body) }
    }

    private func walkCurrent(
        from: Int64,
        to: Int64,
        reverse: Bool,
        _ body: (_ start: Int64, _ stored: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let state = try bytes.loadedSegmentState()
        let segments = state.segments
        let from = max(from, state.earliestReadable)
        let to = min(to, state.latest)
        if from > to { return }
        let length = 8 + keyPart.count + Self.suffix
        var goesOn = true
        func visit(_ key: UnsafeRawBufferPointer, _ stored: UnsafeRawBufferPointer) throws -> Bool {
            guard key.count == length, isCurrent(key) else { return true }
            let start = Self.start(of: key)
            if start < from || start > to { return true }
            goesOn = try body(start, stored)
            return goesOn
        }
        let first = segments.group(of: from)
        let last = segments.group(of: to)
        if last - first > 64 {
            // Many narrow groups: one walk over all keys of that time is cheaper than a search in each.
            try bytes.scan(
                from: ByteWriter.bound(first), to: ByteWriter.bound(last.addingCapped(1)), reverse: reverse, visit)
            return
        }
        for step in 0...(last - first) {
            let group = reverse ? last - step : first + step
            try bytes.scan(
                from: ByteWriter.bound(group, keyPart, from, Int32(0)),
                to: ByteWriter.bound(group, keyPart, to, UInt32.max),
                reverse: reverse,
                visit
            )
            if !goesOn { return }
        }
    }

    /// All entries between two starts, by start and then by the keys' bytes; with what cannot be read any more, where asked for.
    func collectAll(
        from: Int64,
        to: Int64,
        includingExpired: Bool
    ) throws -> [(key: Windowed<Key>, value: Value, timestamp: Timestamp)] {
        try bytes.meter.measure(.fetch) { try walkAll(from: from, to: to, includingExpired: includingExpired) }
    }

    private func walkAll(
        from: Int64,
        to: Int64,
        includingExpired: Bool
    ) throws -> [(key: Windowed<Key>, value: Value, timestamp: Timestamp)] {
        let state = try bytes.loadedSegmentState()
        let from = includingExpired ? from : max(from, state.earliestReadable)
        let to = min(to, state.latest)
        if from > to { return [] }
        var found: [(bytes: [UInt8], start: Int64, value: Value, timestamp: Timestamp)] = []
        var isInOrder = true
        try bytes.scan(
            from: ByteWriter.bound(state.segments.group(of: from)),
            to: ByteWriter.bound(state.segments.group(of: to).addingCapped(1))
        ) { key, stored in
            guard key.count >= 8 + Self.suffix else { return true }
            let start = Self.start(of: key)
            if start < from || start > to { return true }
            if let last = found.last, last.start > start { isInOrder = false }
            let value = try value(from: TimestampedValue.plain(stored))
            found.append((Array(key.dropFirst(8)), start, value, TimestampedValue.timestamp(of: stored)))
            return true
        }
        if !isInOrder {
            // A stable sort by start: within one, the walk has the order of the keys.
            let order = found.indices.sorted {
                found[$0].start != found[$1].start ? found[$0].start < found[$1].start : $0 < $1
            }
            found = order.map { found[$0] }
        }
        return try found.map { entry in
            let key = try entry.bytes.withUnsafeBytes { try self.key(from: .init(rebasing: $0.dropLast(Self.suffix))) }
            return (Windowed(key, try window(entry.start)), entry.value, entry.timestamp)
        }
    }

    // MARK: Bytes

    func windowed(from physical: UnsafeRawBufferPointer) throws -> Windowed<Key>? {
        guard physical.count >= 8 + Self.suffix else { return nil }
        let key = try key(from: .init(rebasing: physical[8..<(physical.count - Self.suffix)]))
        return Windowed(key, try window(Self.start(of: physical)))
    }

    func value(from stored: UnsafeRawBufferPointer) throws -> Value {
        try valueSerde.read(stored, valueContext)
    }

    func expiryTime(of window: Window) -> Int64 { window.start.rawValue }

    func time(of window: Window, _ stored: Timestamp) -> Timestamp { stored }

    private func entry(_ start: Int64, _ stored: UnsafeRawBufferPointer) throws -> Entry {
        Entry(
            start: Timestamp(rawValue: start),
            value: try value(from: TimestampedValue.plain(stored)),
            timestamp: TimestampedValue.timestamp(of: stored)
        )
    }

    private func window(_ start: Int64) throws -> Window {
        if let windowEnd {
            return Window(start: Timestamp(rawValue: start), end: try windowEnd(Timestamp(rawValue: start)))
        }
        let (end, overflow) = start.addingReportingOverflow(windowSize)
        return Window(start: Timestamp(rawValue: start), end: Timestamp(rawValue: overflow ? .max : end))
    }

    private func key(from bytes: UnsafeRawBufferPointer) throws -> Key {
        try keySerde.read(bytes, keyContext)
    }

    private func isCurrent(_ physical: UnsafeRawBufferPointer) -> Bool {
        keyPart.withUnsafeBytes { equal($0, .init(rebasing: physical[8..<(8 + $0.count)])) }
    }

    func compose(_ start: Int64, _ sequence: Int32, _ segments: Segments) {
        physical.clear()
        physical.append(bigEndian: segments.group(of: start))
        keyPart.withUnsafeBytes { physical.append(contentsOf: $0) }
        physical.append(bigEndian: start)
        physical.append(bigEndian: sequence)
    }

    private static func start(of physical: UnsafeRawBufferPointer) -> Int64 {
        Int64(bigEndian: physical.loadUnaligned(fromByteOffset: physical.count - suffix, as: Int64.self))
    }
}

extension ReadOnlyWindowStore.Entry: Sendable where Value: Sendable {}
extension ReadOnlyWindowStore.Entry: Equatable where Value: Equatable {}
