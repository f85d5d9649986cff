/// FNV-1a with 64 bits: the same on every machine and in every run, which Swift's own hashes are not.
struct StableHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // UTF-8 has no such byte, so that texts do not run into each other.
        add(0xff)
    }

    private mutating func add(_ byte: UInt8) {
        value ^= UInt64(byte)
        value &*= 0x100_0000_01b3
    }
}
