internal import Swiftwater

/// The value of an LMDB key that stands for long keys: each whole key with its value, sorted by key; nearly always one.
struct LongKeys {
    typealias Entry = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

    private(set) var entries: [Entry] = []

    /// Reads a stored value; nil when its lengths contradict each other.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            guard position + 16 <= bytes.count else { return nil }
            let keyLength = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let valueLength = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
            position += 16
            let left = UInt64(bytes.count - position)
            guard keyLength <= left, valueLength <= left - keyLength else { return nil }
            let middle = position + Int(keyLength)
            let end = middle + Int(valueLength)
            entries.append(
                (
                    UnsafeRawBufferPointer(rebasing: bytes[position..<middle]),
                    UnsafeRawBufferPointer(rebasing: bytes[middle..<end])
                )
            )
            position = end
        }
    }

    func value(of key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        entries.first { equal($0.key, key) }?.value
    }

    /// The stored form after a change; empty when no key is left.
    func bytes(changing key: UnsafeRawBufferPointer, to value: UnsafeRawBufferPointer?) -> [UInt8] {
        var kept = entries.filter { !equal($0.key, key) }
        if let value {
            let place = kept.firstIndex { compare($0.key, key) > 0 } ?? kept.endIndex
            kept.insert((key, value), at: place)
        }
        var bytes: [UInt8] = []
        for entry in kept {
            withUnsafeBytes(of: UInt64(entry.key.count).bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: UInt64(entry.value.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: entry.key)
            bytes.append(contentsOf: entry.value)
        }
        return bytes
    }
}
