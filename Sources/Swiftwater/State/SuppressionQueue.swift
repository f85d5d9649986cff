/// What a suppression holds back, in the order of time; one entry a key, which keeps its place when it is updated (S-66).
///
/// The entries are in the store, so that they survive a restart; how many there are and the first one's time are counted here.
final class SuppressionQueue {
    private let bytes: KeyValueBytesStore
    private(set) var count = 0
    private(set) var byteCount = 0
    /// No entry is earlier.
    private var earliest: Int64 = .max
    private var isLoaded = false
    private let keyWriter = ByteWriter()
    private let queueWriter = ByteWriter()
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore) {
        self.bytes = bytes
    }

    /// Counts what the last commit left; called before anything else.
    func load() throws {
        if isLoaded { return }
        isLoaded = true
        try bytes.scan(from: [SuppressionLayout.queueTag], to: [SuppressionLayout.keyTag]) { key, value in
            guard key.count >= 9 else { return true }
            if count == 0 { earliest = Self.time(of: key) }
            count += 1
            byteCount += key.count - 1 + (try change(value)).byteCount
            return true
        }
        bytes.meter.holds(count, bytes: byteCount)
    }

    /// The change held back for a key.
    func held(_ key: UnsafeRawBufferPointer) throws -> HeldChange? {
        try bytes.meter.measure(.get) {
            guard let time = try placed(key) else { return nil }
            compose(time, key)
            return try queueWriter.withUnsafeBytes { queued in
                guard let stored = try bytes.value(of: queued) else { return nil }
                return try change(stored)
            }
        }
    }

    /// Holds a change back: at its time, or in the place that its key has already.
    func put(_ change: HeldChange, key: UnsafeRawBufferPointer, time: Int64, replacing old: HeldChange?) throws {
        try bytes.meter.measure(.put) { try hold(change, key, time, replacing: old) }
        bytes.meter.holds(count, bytes: byteCount)
    }

    private func hold(
        _ change: HeldChange, _ key: UnsafeRawBufferPointer, _ time: Int64, replacing old: HeldChange?
    ) throws {
        valueWriter.clear()
        change.write(to: valueWriter)
        let place = try placed(key) ?? time
        compose(place, key)
        if let old {
            byteCount += change.byteCount - old.byteCount
        } else {
            count += 1
            byteCount += 8 + key.count + change.byteCount
            earliest = min(earliest, time)
            keyWriter.withUnsafeBytes { key in
                withUnsafeBytes(of: place.bigEndian) { bytes.set(key, $0, timestamp: Timestamp(rawValue: place)) }
            }
        }
        queueWriter.withUnsafeBytes { queued in
            valueWriter.withUnsafeBytes { bytes.set(queued, $0, timestamp: Timestamp(rawValue: change.timestamp)) }
        }
        if old != nil {
            // The changelog follows what was written to the key's own entry.
            keyWriter.withUnsafeBytes { key in
                withUnsafeBytes(of: place.bigEndian) { bytes.set(key, $0, timestamp: Timestamp(rawValue: place)) }
            }
        }
    }

    /// Takes out the entries up to a time, the earliest first and of one time in the order of the keys' bytes.
    func take(upTo time: Int64) throws -> [(key: [UInt8], change: HeldChange)] {
        if count == 0 || earliest > time { return [] }
        return try take { self.count > 0 && $0 <= time }
    }

    /// Takes out the earliest entry.
    func takeFirst() throws -> (key: [UInt8], change: HeldChange)? {
        var isFirst = true
        return try take { _ in
            defer { isFirst = false }
            return isFirst
        }.first
    }

    private func take(while goesOn: (Int64) -> Bool) throws -> [(key: [UInt8], change: HeldChange)] {
        var taken: [(key: [UInt8], time: Int64, change: HeldChange, length: Int)] = []
        var next = Int64.max
        let from = ByteWriter()
        from.append(SuppressionLayout.queueTag)
        from.append(bigEndian: earliest == .max ? 0 : earliest)
        try bytes.scan(from: from.bytes, to: [SuppressionLayout.keyTag]) { queued, stored in
            guard queued.count >= 9 else { return true }
            let time = Self.time(of: queued)
            guard goesOn(time) else {
                next = time
                return false
            }
            let held = try change(stored)
            taken.append((Array(queued.dropFirst(9)), time, held, queued.count - 1 + held.byteCount))
            return true
        }
        for entry in taken {
            bytes.meter.measure(.remove) { remove(entry.key, at: entry.time) }
            count -= 1
            byteCount -= entry.length
        }
        bytes.meter.holds(count, bytes: byteCount)
        earliest = next
        return taken.map { ($0.key, $0.change) }
    }

    private func remove(_ key: [UInt8], at time: Int64) {
        key.withUnsafeBytes { key in
            compose(time, key)
            keyWriter.clear()
            keyWriter.append(SuppressionLayout.keyTag)
            keyWriter.append(contentsOf: key)
        }
        queueWriter.withUnsafeBytes { bytes.set($0, nil, timestamp: Timestamp(rawValue: time)) }
        keyWriter.withUnsafeBytes { bytes.set($0, nil, timestamp: Timestamp(rawValue: time)) }
    }

    /// The time that a key's entry stands at; leaves the entry's own key in `keyWriter`.
    private func placed(_ key: UnsafeRawBufferPointer) throws -> Int64? {
        keyWriter.clear()
        keyWriter.append(SuppressionLayout.keyTag)
        keyWriter.append(contentsOf: key)
        return try keyWriter.withUnsafeBytes { key in
            guard let time = try bytes.value(of: key), time.count == 8 else { return nil }
            return Int64(bigEndian: time.loadUnaligned(as: Int64.self))
        }
    }

    private func compose(_ time: Int64, _ key: UnsafeRawBufferPointer) {
        queueWriter.clear()
        withUnsafeBytes(of: time.bigEndian) { SuppressionLayout.appendQueueKey(time: $0, key: key, to: queueWriter) }
    }

    private func change(_ stored: UnsafeRawBufferPointer) throws -> HeldChange {
        guard let change = HeldChange(stored) else {
            throw StreamsError(
                .stateStore, "what was held back cannot be read", at: .init(store: bytes.definition.name))
        }
        return change
    }

    private static func time(of queued: UnsafeRawBufferPointer) -> Int64 {
        Int64(bigEndian: queued.loadUnaligned(fromByteOffset: 1, as: Int64.self))
    }
}
