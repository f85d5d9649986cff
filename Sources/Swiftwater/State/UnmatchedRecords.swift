/// The records of a left or outer join that wait for a match: by time, side and key, a list of values each (S-71, S-75).
///
/// The keys are Kafka Streams' (F-09): time (8 bytes), 1 for the left side or 0 for the right, key. A value is a list in its
/// list format: 1, a count, and length and bytes of each; the bytes begin with 1 for left or 0 for right.
final class UnmatchedRecords {
    /// The values that wait under one time, side and key.
    struct Waiting {
        var time: Int64
        var isLeft: Bool
        var key: [UInt8]
        var values: [[UInt8]]
    }

    let bytes: KeyValueBytesStore
    private let physical = ByteWriter()
    private let stored = ByteWriter()

    init(_ bytes: KeyValueBytesStore) {
        self.bytes = bytes
    }

    /// Adds a value at the end of its list.
    func add(_ value: UnsafeRawBufferPointer, isLeft: Bool, key: UnsafeRawBufferPointer, time: Int64) throws {
        try bytes.meter.measure(.put) { try append(value, isLeft, key, time) }
    }

    private func append(
        _ value: UnsafeRawBufferPointer, _ isLeft: Bool, _ key: UnsafeRawBufferPointer, _ time: Int64
    ) throws {
        compose(time, isLeft, key)
        var values = try physical.withUnsafeBytes { key in
            try bytes.value(of: key).map { try list(TimestampedValue.plain($0)) } ?? []
        }
        values.append(Array(value))
        stored.clear()
        stored.append(bigEndian: time)
        stored.append(1)
        stored.append(bigEndian: Int32(values.count))
        for value in values {
            stored.append(bigEndian: Int32(value.count + 1))
            stored.append(isLeft ? 1 : 0)
            stored.append(contentsOf: value)
        }
        physical.withUnsafeBytes { key in
            stored.withUnsafeBytes { bytes.set(key, $0, timestamp: Timestamp(rawValue: time)) }
        }
    }

    /// Removes the whole list of a time, side and key, if there is one.
    func remove(isLeft: Bool, key: UnsafeRawBufferPointer, time: Int64, at now: Timestamp) throws {
        try bytes.meter.measure(.delete) {
            compose(time, isLeft, key)
            try physical.withUnsafeBytes { key in
                if try bytes.value(of: key) != nil { bytes.set(key, nil, timestamp: now) }
            }
        }
    }

    /// Visits what waits in the order of time, the right side before the left, until `body` returns false.
    func forEach(_ body: (Waiting) throws -> Bool) throws {
        try bytes.meter.measure(.all) {
            try bytes.scan(from: nil, to: nil) { key, stored in
                guard key.count >= 9 else { return true }
                return try body(
                    Waiting(
                        time: Int64(bigEndian: key.loadUnaligned(as: Int64.self)),
                        isLeft: key[8] == 1,
                        key: Array(key.dropFirst(9)),
                        values: try list(TimestampedValue.plain(stored))
                    )
                )
            }
        }
    }

    private func compose(_ time: Int64, _ isLeft: Bool, _ key: UnsafeRawBufferPointer) {
        physical.clear()
        physical.append(bigEndian: time)
        physical.append(isLeft ? 1 : 0)
        physical.append(contentsOf: key)
    }

    private func list(_ bytes: UnsafeRawBufferPointer) throws -> [[UInt8]] {
        var values: [[UInt8]] = []
        var position = 5
        while position + 5 <= bytes.count {
            let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
            guard length >= 1, position + 4 + length <= bytes.count else { break }
            values.append(Array(bytes[(position + 5)..<(position + 4 + length)]))
            position += 4 + length
        }
        guard position == bytes.count else {
            throw StreamsError(
                .stateStore, "what waits for a match cannot be read", at: .init(store: self.bytes.definition.name))
        }
        return values
    }
}
