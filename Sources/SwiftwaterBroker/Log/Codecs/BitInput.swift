/// Bits, the lowest of each byte first.
struct BitInput {
    private var input: ByteInput
    private var held = 0
    private var count = 0

    init(_ input: ByteInput) { self.input = input }

    mutating func take(_ wanted: Int) throws(CodecError) -> Int {
        while count < wanted {
            held |= Int(try input.byte()) << count
            count += 8
        }
        defer {
            held >>= wanted
            count -= wanted
        }
        return held & ((1 << wanted) - 1)
    }

    /// The rest of the byte is skipped.
    mutating func takeBytes(_ wanted: Int) throws(CodecError) -> ArraySlice<UInt8> {
        held = 0
        count = 0
        return try input.take(wanted)
    }

    mutating func alignToByte() {
        held = 0
        count = 0
    }
}
