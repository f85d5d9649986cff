/// Kafka's default partitioner: murmur2 of the key, so that topics are co-partitioned with those of every client (F-01).
package enum DefaultPartitioner {
    package static func partition(of key: UnsafeRawBufferPointer, count: Int32) -> Int32 {
        Int32(bitPattern: murmur2(key) & 0x7fff_ffff) % max(1, count)
    }

    /// MurmurHash2, 32 bits, with the seed of Kafka's Java client.
    static func murmur2(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
        var position = 0
        while position &+ 4 <= bytes.count {
            var block = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            block &*= multiplier
            block ^= block >> 24
            block &*= multiplier
            hash &*= multiplier
            hash ^= block
            position &+= 4
        }
        let rest = bytes.count &- position
        if rest == 3 { hash ^= UInt32(bytes[position + 2]) << 16 }
        if rest >= 2 { hash ^= UInt32(bytes[position + 1]) << 8 }
        if rest >= 1 {
            hash ^= UInt32(bytes[position])
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }
}
