/// Zstandard's bit streams, which are read from their end: the highest set bit of the last byte marks where they begin.
struct ReverseBits {
    private let bytes: ArraySlice<UInt8>
    /// How many bits are left; below 0 when more was taken than there is.
    private(set) var left: Int

    init(_ bytes: ArraySlice<UInt8>) throws(CodecError) {
        guard let last = bytes.last, last != 0 else { throw .damaged("a bit stream without end mark") }
        self.bytes = bytes
        left = bytes.count * 8 - last.leadingZeroBitCount - 1
    }

    /// Bits beyond the beginning are 0.
    mutating func take(_ count: Int) -> Int {
        left -= count
        return bits(from: left, count)
    }

    func peek(_ count: Int) -> Int { bits(from: left - count, count) }

    mutating func skip(_ count: Int) { left -= count }

    private func bits(from start: Int, _ count: Int) -> Int {
        if count == 0 || start + count <= 0 { return 0 }
        if start < 0 { return bits(from: 0, count + start) << -start }
        var value = 0
        var position = bytes.startIndex + start / 8
        var shift = -(start % 8)
        while shift < count, position < bytes.endIndex {
            let byte = Int(bytes[position])
            value |= shift < 0 ? byte >> -shift : byte << shift
            shift += 8
            position += 1
        }
        return value & ((1 << count) - 1)
    }
}
