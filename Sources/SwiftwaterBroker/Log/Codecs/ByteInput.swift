/// Bytes that are read from the front, little-endian, with every read checked.
struct ByteInput {
    let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard position < bytes.count else { throw .damaged("ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer(bytes count: Int) throws(CodecError) -> Int {
        var value = 0
        for shift in 0..<count { value |= Int(try byte()) << (8 * shift) }
        return value
    }

    mutating func take(_ count: Int) throws(CodecError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .damaged("ends too early") }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
