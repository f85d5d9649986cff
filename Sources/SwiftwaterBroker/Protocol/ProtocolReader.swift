// The Kafka protocol's primitive types, read from a request.
//
// From a certain version on an API is "flexible": lengths become unsigned varints of length + 1 and every structure ends in
// tagged fields. The reader knows which of the two it reads, so a codec is written once: `string()` is a STRING or a
// COMPACT_STRING, `taggedFields()` skips a tag buffer or does nothing.
//
// Nothing that a length says is believed before it has been compared with what is left.

package import NIOCore

package struct ProtocolReader {
    package private(set) var buffer: ByteBuffer
    package var isFlexible: Bool

    package init(_ buffer: ByteBuffer, isFlexible: Bool = false) {
        self.buffer = buffer
        self.isFlexible = isFlexible
    }

    package var remaining: Int { buffer.readableBytes }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ProtocolError) -> T {
        guard let value = buffer.readInteger(as: type) else {
            throw .truncated(needed: MemoryLayout<T>.size, remaining: remaining)
        }
        return value
    }

    package mutating func bool() throws(ProtocolError) -> Bool { try integer(UInt8.self) != 0 }
    package mutating func int8() throws(ProtocolError) -> Int8 { try integer(Int8.self) }
    package mutating func int16() throws(ProtocolError) -> Int16 { try integer(Int16.self) }
    package mutating func int32() throws(ProtocolError) -> Int32 { try integer(Int32.self) }
    package mutating func int64() throws(ProtocolError) -> Int64 { try integer(Int64.self) }
    package mutating func uint32() throws(ProtocolError) -> UInt32 { try integer(UInt32.self) }
    package mutating func float64() throws(ProtocolError) -> Double { Double(bitPattern: try integer(UInt64.self)) }

    /// Seven bits a byte, lowest first; at most five bytes.
    package mutating func unsignedVarint() throws(ProtocolError) -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while true {
            let byte = try integer(UInt8.self)
            let bits = UInt32(byte & 0x7F)
            if shift == 28 && bits > 0x0F { throw .varintTooLong }
            value |= bits << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
            if shift > 28 { throw .varintTooLong }
        }
    }

    package mutating func varint() throws(ProtocolError) -> Int32 {
        let value = try unsignedVarint()
        return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }

    package mutating func varlong() throws(ProtocolError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try integer(UInt8.self)
            let bits = UInt64(byte & 0x7F)
            if shift == 63 && bits > 1 { throw .varintTooLong }
            value |= bits << shift
            if byte & 0x80 == 0 { break }
            shift += 7
            if shift > 63 { throw .varintTooLong }
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A length in the form that the version asks for; nil is null.
    private mutating func length(short: Bool) throws(ProtocolError) -> Int? {
        let length: Int
        if isFlexible {
            length = Int(try unsignedVarint()) - 1
        } else if short {
            length = Int(try int16())
        } else {
            length = Int(try int32())
        }
        if length == -1 { return nil }
        guard length >= 0 else { throw .negativeLength(length) }
        return length
    }

    private mutating func slice(_ length: Int) throws(ProtocolError) -> ByteBuffer {
        guard let slice = buffer.readSlice(length: length) else {
            throw .truncated(needed: length, remaining: remaining)
        }
        return slice
    }

    package mutating func nullableString() throws(ProtocolError) -> String? {
        guard let length = try length(short: true) else { return nil }
        let bytes = try slice(length)
        guard let string = String(validating: bytes.readableBytesView, as: UTF8.self) else { throw .invalidUTF8 }
        return string
    }

    package mutating func string() throws(ProtocolError) -> String {
        guard let string = try nullableString() else { throw .null("string") }
        return string
    }

    /// A view of the request's own memory, not a copy.
    package mutating func nullableBytes() throws(ProtocolError) -> ByteBuffer? {
        guard let length = try length(short: false) else { return nil }
        return try slice(length)
    }

    package mutating func bytes() throws(ProtocolError) -> ByteBuffer {
        guard let bytes = try nullableBytes() else { throw .null("bytes") }
        return bytes
    }

    /// The 16 bytes of a UUID, most significant first.
    package mutating func uuid() throws(ProtocolError) -> (high: UInt64, low: UInt64) {
        (try integer(UInt64.self), try integer(UInt64.self))
    }

    /// Null is nil. An element takes at least one byte, so a count beyond what is left is refused before anything is allocated.
    package mutating func nullableArray<Element>(
        _ element: (inout ProtocolReader) throws(ProtocolError) -> Element
    ) throws(ProtocolError) -> [Element]? {
        guard let count = try length(short: false) else { return nil }
        guard count <= remaining else { throw .arrayTooLong(count: count, remaining: remaining) }
        var elements: [Element] = []
        elements.reserveCapacity(min(count, 1_024))
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    package mutating func array<Element>(
        _ element: (inout ProtocolReader) throws(ProtocolError) -> Element
    ) throws(ProtocolError) -> [Element] {
        guard let elements = try nullableArray(element) else { throw .null("array") }
        return elements
    }

    package mutating func stringArray() throws(ProtocolError) -> [String] {
        try array { reader throws(ProtocolError) in try reader.string() }
    }

    package mutating func int32Array() throws(ProtocolError) -> [Int32] {
        try array { reader throws(ProtocolError) in try reader.int32() }
    }

    /// Skips the tagged fields at the end of a structure; does nothing where the version has none.
    package mutating func taggedFields() throws(ProtocolError) {
        guard isFlexible else { return }
        let count = Int(try unsignedVarint())
        guard count <= remaining else { throw .arrayTooLong(count: count, remaining: remaining) }
        for _ in 0..<count {
            _ = try unsignedVarint()
            let length = Int(try unsignedVarint())
            _ = try slice(length)
        }
    }
}
