/// What tells a response of a foreign-key join from one to an older value: Murmur3, 128 bits, of the left value's bytes (S-84).
struct ValueHash: Hashable, Sendable {
    var first: UInt64
    var second: UInt64

    init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// Hashes bytes with the seed that Kafka Streams takes.
    init(of bytes: UnsafeRawBufferPointer, seed: UInt64 = 104_729) {
        var first = seed
        var second = seed
        var position = 0
        while position &+ 16 <= bytes.count {
            first ^= Self.mixFirst(bytes.littleEndian(at: position, count: 8))
            first = (first.rotated(by: 27) &+ second) &* 5 &+ 0x52dc_e729
            second ^= Self.mixSecond(bytes.littleEndian(at: position &+ 8, count: 8))
            second = (second.rotated(by: 31) &+ first) &* 5 &+ 0x3849_5ab5
            position &+= 16
        }
        let rest = bytes.count &- position
        if rest > 8 { second ^= Self.mixSecond(bytes.littleEndian(at: position &+ 8, count: rest &- 8)) }
        if rest > 0 { first ^= Self.mixFirst(bytes.littleEndian(at: position, count: min(rest, 8))) }
        first ^= UInt64(bytes.count)
        second ^= UInt64(bytes.count)
        first &+= second
        second &+= first
        first = Self.finish(first)
        second = Self.finish(second)
        first &+= second
        second &+= first
        self.init(first: first, second: second)
    }

    private static func mixFirst(_ block: UInt64) -> UInt64 {
        (block &* 0x87c3_7b91_1142_53d5).rotated(by: 31) &* 0x4cf5_ad43_2745_937f
    }

    private static func mixSecond(_ block: UInt64) -> UInt64 {
        (block &* 0x4cf5_ad43_2745_937f).rotated(by: 33) &* 0x87c3_7b91_1142_53d5
    }

    private static func finish(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash ^= hash >> 33
        hash &*= 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        hash &*= 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return hash
    }
}

extension ValueHash {
    /// Reads the two numbers, big-endian; nil if there are not that many bytes.
    init?(reading bytes: UnsafeRawBufferPointer, at position: Int) {
        guard bytes.count >= position + 16 else { return nil }
        self.init(
            first: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)),
            second: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
        )
    }

    func write(to writer: ByteWriter) {
        writer.append(bigEndian: first)
        writer.append(bigEndian: second)
    }
}

extension UInt64 {
    fileprivate func rotated(by bits: UInt64) -> UInt64 { self << bits | self >> (64 - bits) }
}

extension UnsafeRawBufferPointer {
    /// Up to eight bytes as a number.
    fileprivate func littleEndian(at position: Int, count: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<count { number |= UInt64(self[position &+ index]) << UInt64(8 &* index) }
        return number
    }
}
