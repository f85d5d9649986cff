internal import Swiftwater

/// How a key of any length, the empty one included, becomes a key of LMDB, which takes 1 to 511 bytes.
///
/// A tag byte stands before every key. A key longer than `prefixLength` is cut there and a digest of the whole key takes
/// the place of the rest; the whole key then stands in the value (`LongKeys`), so that two keys of one digest are still two.
/// LMDB's order is then the order of the whole keys, except among the long keys of one prefix: they stand together, after all
/// shorter keys of that prefix and before all that sort behind it, and whoever iterates sorts that run.
enum StoreKey {
    static let prefixLength = 480
    static let digestLength = 8
    static let longLength = 1 + prefixLength + digestLength
    private static let tag: UInt8 = 1
    /// What every encoded key, and every bound of a scan, fits in.
    static let capacity = longLength + digestLength + 1

    static func isLong(_ key: UnsafeRawBufferPointer) -> Bool { key.count > prefixLength }

    /// Whether an LMDB key stands for keys whose whole bytes are in the value.
    static func isLong(encoded: RawSpan) -> Bool { encoded.byteCount == longLength }

    /// Writes the encoded key and returns its length.
    static func encode(_ key: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
        let length = encodePrefix(key, into: room)
        guard isLong(key) else { return length }
        room.storeBytes(of: digest(key).bigEndian, toByteOffset: length, as: UInt64.self)
        return longLength
    }

    /// Writes what no encoded key at or after `key` sorts before.
    static func encodePrefix(_ key: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
        room[0] = tag
        let length = min(key.count, prefixLength)
        UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: key[..<length]))
        return 1 + length
    }

    /// Writes what all encoded keys up to `key` sort before.
    static func encodeEnd(_ key: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int {
        var length = encodePrefix(key, into: room)
        if isLong(key) {
            for _ in 0...digestLength {
                room[length] = 0xff
                length += 1
            }
        } else {
            room[length] = 0
            length += 1
        }
        return length
    }

    /// FNV-1a; equal digests of different keys are legal.
    private static func digest(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return digest
    }
}
