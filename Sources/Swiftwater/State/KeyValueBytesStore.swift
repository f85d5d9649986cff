/// One store of a task as bytes: the write buffer of the current commit interval over what the backend holds.
///
/// Every kind of store is this with keys and values of its own layout; the typed views know the layout.
@usableFromInline
final class KeyValueBytesStore {
    let definition: StoreDefinition
    let index: Int
    @usableFromInline let meter: StoreMeter
    @usableFromInline let buffer = WriteBuffer()
    /// For stores that forget by time; nil for the others.
    let segmentState: SegmentState?
    /// The versions put since the last commit, for the changelog of a versioned store, whose entries are no records of it.
    let puts: WriteBuffer?
    private let backend: any StateReading
    /// Whether others commit to the backend: then nothing read once holds for the next time.
    private let isOthers: Bool
    /// Almost always empty.
    @exclusivity(unchecked) private var cachedHeaders: [Int: Headers] = [:]
    @exclusivity(unchecked) private var deletionTimestamps: [Int: Timestamp] = [:]

    init(
        definition: StoreDefinition,
        index: Int,
        backend: any StateReading,
        meter: StoreMeter = StoreMeter(),
        isOthers: Bool = false
    ) {
        self.definition = definition
        self.meter = meter
        self.index = index
        self.backend = backend
        self.isOthers = isOthers
        self.segmentState = definition.kind.segments.map { SegmentState($0, isStrict: !definition.isPersistent) }
        if case .versioned = definition.kind { puts = WriteBuffer() } else { puts = nil }
    }

    /// What the store remembers beside its entries, read if it was not yet.
    func loadedSegmentState() throws -> SegmentState {
        guard let segmentState else {
            throw StreamsError(.internal, "a store without windows has no segments", at: .init(store: definition.name))
        }
        try segmentState.load(anew: isOthers) {
            try SegmentState.key.withUnsafeBytes { try backend.value(of: $0, in: index) }
        }
        return segmentState
    }

    /// The value of a key; the bytes are valid until the next call of the store.
    @usableFromInline
    func value(of key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        if let entry = buffer.find(key) {
            meter.cacheHits &+= 1
            return buffer.value(at: entry)
        }
        meter.cacheMisses &+= 1
        return try backend.value(of: key, in: index)
    }

    @usableFromInline
    func nullKey() -> StreamsError {
        StreamsError(.stateStore, "a store has no null key", at: .init(store: definition.name))
    }

    /// The value as the last commit left it, which is what a cached change is the change of (S-36).
    @usableFromInline
    func committedValue(of key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        try backend.value(of: key, in: index)
    }

    /// When the change of an entry happened: the time in its value, or that of its deletion.
    @usableFromInline
    func timestamp(of entry: Int) -> Timestamp {
        if let value = buffer.value(at: entry) { return TimestampedValue.timestamp(of: value) }
        return deletionTimestamps[entry] ?? .unknown
    }

    /// The headers that the cached change of an entry is to be forwarded with.
    @usableFromInline
    func headers(of entry: Int) -> Headers { cachedHeaders[entry] ?? Headers() }

    /// Sets a value, or deletes the key with nil.
    @usableFromInline
    func set(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers = Headers()
    ) {
        let entry = buffer.set(key, value)
        if value == nil { deletionTimestamps[entry] = timestamp }
        if !headers.isEmpty {
            cachedHeaders[entry] = headers
        } else if !cachedHeaders.isEmpty {
            cachedHeaders[entry] = nil
        }
    }

    /// Entries in key order with both ends included, the buffer's over the backend's; stops when `body` returns false.
    ///
    /// The bytes are valid inside the call only, and `body` writes to no store: what it wants to change it collects first.
    func scan(
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool = false,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try meter.measureWalk { try walk(from: from, to: to, reverse: reverse, body) }
    }

    private func walk(
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        if buffer.isEmpty {
            try backend.scan(index, from: from, to: to, reverse: reverse, body)
            return
        }
        let order = buffer.keyOrder()
        let first = from.map { bound in bound.withUnsafeBytes { buffer.position(in: order, from: $0) } } ?? order.start
        let last =
            to.map { bound in bound.withUnsafeBytes { buffer.position(in: order, from: $0, orAbove: true) } }
            ?? order.end
        if let from, let to, to.withUnsafeBytes({ to in from.withUnsafeBytes { compare($0, to) > 0 } }) { return }
        var cursor = reverse ? last : first
        let end = reverse ? first : last
        var goesOn = true
        /// The buffer's next entry, before it is taken.
        func peek() -> Int? {
            if cursor == end { return nil }
            return Int(order[reverse ? order.position(before: cursor) : cursor])
        }
        func advance() {
            cursor = reverse ? order.position(before: cursor) : order.position(after: cursor)
        }
        func emitBuffered(_ entry: Int) throws {
            advance()
            guard let value = buffer.value(at: entry) else { return }
            goesOn = try body(buffer.key(at: entry), value)
        }
        try backend.scan(index, from: from, to: to, reverse: reverse) { key, value in
            while goesOn, let entry = peek() {
                let order = compare(buffer.key(at: entry), key)
                if reverse ? order < 0 : order > 0 { break }
                try emitBuffered(entry)
                if order == 0 { return goesOn }
            }
            if goesOn { goesOn = try body(key, value) }
            return goesOn
        }
        while goesOn, let entry = peek() { try emitBuffered(entry) }
    }

    /// About how many entries there are; entries written since the last commit count as new ones.
    func approximateCount() throws -> Int {
        try backend.approximateCount(of: index) + buffer.count
    }

    /// What was done to the store so far; see ``StoreMeter/metrics(restarting:)``.
    func metrics(restarting: Bool) -> StoreMetrics {
        var metrics = meter.metrics(restarting: restarting)
        if !definition.isPersistent { metrics.keys = try? approximateCount() }
        return metrics
    }

    // MARK: Commit

    /// Writes what is only known now, before the changelog and the changes are taken.
    func prepareCommit() {
        if let state = segmentState?.takeChanges() {
            SegmentState.key.withUnsafeBytes { key in state.withUnsafeBytes { _ = buffer.set(key, $0) } }
        }
    }

    func changes() -> StoreChanges {
        var floor = segmentState?.floor
        if case .versioned = definition.kind { floor = floor.map { [VersionedLayout.historyTag] + $0 } }
        return StoreChanges(store: index, buffer: buffer, order: buffer.sortedOrder(), floor: floor)
    }

    func clear() {
        buffer.clear()
        puts?.clear()
        cachedHeaders.removeAll()
        deletionTimestamps.removeAll()
    }
}
