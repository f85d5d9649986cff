/// The records of a stream-table join that wait until stream time is a grace period behind them, in the order of time (ST-13, S-78).
///
/// The keys are Kafka Streams': 0, time (8 bytes), key, a sequence number (4 bytes); a value is a `HeldChange` and a time that is
/// always 0. Stream time is that of the records that were held back, as there; unlike there it outlives a restart.
final class GraceBuffer {
    private let bytes: KeyValueBytesStore
    private let grace: Int64
    private let context: TaskContext
    /// The latest time of a record that was held back.
    private var streamTime: Int64 = -1
    /// No record that waits is earlier.
    private var earliest: Int64 = .max
    private var sequence: Int32 = 0
    /// How many records wait, and their bytes as Kafka Streams counts them.
    private var count = 0
    private var byteCount = 0
    private var isLoaded = false
    private let keyWriter = ByteWriter()
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore, grace: Int64, context: TaskContext) {
        self.bytes = bytes
        self.grace = grace
        self.context = context
    }

    /// Holds a record back; false if it is late already.
    func put(
        key: UnsafeRawBufferPointer,
        value: [UInt8],
        timestamp: Timestamp,
        headers: Headers
    ) throws -> Bool {
        try load()
        return try bytes.meter.measure(.put) { try hold(key, value, timestamp, headers) }
    }

    private func hold(
        _ key: UnsafeRawBufferPointer, _ value: [UInt8], _ timestamp: Timestamp, _ headers: Headers
    ) throws -> Bool {
        let time = timestamp.rawValue
        if time < streamTime.subtractingCapped(grace) { return false }
        streamTime = max(streamTime, time)
        context.progress[bytes.definition.name] = streamTime
        earliest = min(earliest, time)
        sequence = (sequence &+ 1) & .max
        keyWriter.clear()
        keyWriter.append(0)
        keyWriter.append(bigEndian: time)
        keyWriter.append(contentsOf: key)
        keyWriter.append(bigEndian: sequence)
        valueWriter.clear()
        valueWriter.append(bigEndian: time)
        let change = HeldChange(
            timestamp: time,
            offset: context.offset,
            topic: Array(context.topic.utf8),
            partition: context.partition,
            headers: headers,
            prior: nil,
            old: nil,
            new: value
        )
        change.write(to: valueWriter)
        valueWriter.append(bigEndian: Int64(0))
        keyWriter.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { bytes.set(key, $0, timestamp: timestamp) }
            holdsMore(1, key, change)
        }
        return true
    }

    /// Takes out the records that have waited long enough, one after the other; what `body` throws leaves the later ones there.
    func takeDue(_ body: (_ key: [UInt8], HeldChange) throws -> Void) throws {
        try load()
        let due = streamTime.subtractingCapped(grace)
        while earliest <= due {
            for entry in try firstDue(upTo: due, limit: 256) {
                entry.physical.withUnsafeBytes { key in
                    bytes.meter.measure(.remove) { bytes.set(key, nil, timestamp: context.streamTime) }
                    holdsMore(-1, key, entry.change)
                }
                try body(Array(entry.physical.dropFirst(9).dropLast(4)), entry.change)
            }
        }
    }

    /// The first records up to a time; learns the time of the first that is later.
    private func firstDue(upTo due: Int64, limit: Int) throws -> [(physical: [UInt8], change: HeldChange)] {
        var found: [(physical: [UInt8], change: HeldChange)] = []
        earliest = .max
        try bytes.scan(from: nil, to: nil) { key, stored in
            guard let time = Self.time(of: key) else { return true }
            if time > due || found.count == limit {
                earliest = time
                return false
            }
            found.append((Array(key), try change(stored)))
            return true
        }
        return found
    }

    private func change(_ stored: UnsafeRawBufferPointer) throws -> HeldChange {
        guard let change = HeldChange(TimestampedValue.plain(stored)) else {
            throw StreamsError(
                .stateStore, "a record that is held back cannot be read", at: .init(store: bytes.definition.name))
        }
        return change
    }

    /// Counts a record that comes or goes: its key, its time and the change, without what this layout puts around the key.
    private func holdsMore(_ records: Int, _ physical: UnsafeRawBufferPointer, _ change: HeldChange) {
        count += records
        byteCount += records * (physical.count - 5 + change.byteCount)
        bytes.meter.holds(count, bytes: byteCount)
    }

    /// Learns what the last commit left.
    private func load() throws {
        if isLoaded { return }
        streamTime = context.progress[bytes.definition.name] ?? -1
        try bytes.scan(from: nil, to: nil) { key, stored in
            guard let time = Self.time(of: key) else { return true }
            earliest = min(earliest, time)
            streamTime = max(streamTime, time)
            let number = key.loadUnaligned(fromByteOffset: key.count - 4, as: Int32.self)
            sequence = max(sequence, Int32(bigEndian: number))
            holdsMore(1, key, try change(stored))
            return true
        }
        isLoaded = true
    }

    private static func time(of key: UnsafeRawBufferPointer) -> Int64? {
        guard key.count >= 13 else { return nil }
        return Int64(bigEndian: key.loadUnaligned(fromByteOffset: 1, as: Int64.self))
    }
}
