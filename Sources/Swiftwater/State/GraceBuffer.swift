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
        HeldChange(
            timestamp: time,
            offset: context.offset,
            topic: Array(context.topic.utf8),
            partition: context.partition,
            headers: headers,
            prior: nil,
            old: nil,
            new: value
        ).write(to: valueWriter)
        valueWriter.append(bigEndian: Int64(0))
        keyWriter.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { bytes.set(key, $0, timestamp: timestamp) }
        }
        return true
    }

    /// Takes out the records that have waited long enough, one after the other; what `body` throws leaves the later ones there.
    func takeDue(_ body: (_ key: [UInt8], HeldChange) throws -> Void) throws {
        try load()
        let due = streamTime.subtractingCapped(grace)
        while earliest <= due {
            for entry in try firstDue(upTo: due, limit: 256) {
                entry.physical.withUnsafeBytes { bytes.set($0, nil, timestamp: context.streamTime) }
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
            guard let change = HeldChange(TimestampedValue.plain(stored)) else {
                throw StreamsError(
                    .stateStore, "a record that is held back cannot be read", at: .init(store: bytes.definition.name))
            }
            found.append((Array(key), change))
            return true
        }
        return found
    }

    /// Learns what the last commit left.
    private func load() throws {
        if isLoaded { return }
        streamTime = context.progress[bytes.definition.name] ?? -1
        try bytes.scan(from: nil, to: nil) { key, _ in
            guard let time = Self.time(of: key) else { return true }
            earliest = min(earliest, time)
            streamTime = max(streamTime, time)
            let number = key.loadUnaligned(fromByteOffset: key.count - 4, as: Int32.self)
            sequence = max(sequence, Int32(bigEndian: number))
            return true
        }
        isLoaded = true
    }

    private static func time(of key: UnsafeRawBufferPointer) -> Int64? {
        guard key.count >= 13 else { return nil }
        return Int64(bigEndian: key.loadUnaligned(fromByteOffset: 1, as: Int64.self))
    }
}
