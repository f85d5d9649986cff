/// Reads bytes from the front; what is not there is a ``SerdeError`` that says what was to be read.
package struct ByteCursor {
    /// The bytes that are left.
    package private(set) var rest: UnsafeRawBufferPointer

    /// Begins at the first of these bytes, which must outlive the cursor.
    package init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes
    }

    /// The next bytes.
    package mutating func take(_ count: Int, of what: String) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else {
            throw SerdeError("expected \(count) bytes for \(what), \(rest.count) are left")
        }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count)) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }

    /// The next bytes as a big-endian integer.
    package mutating func bigEndian<Integer: FixedWidthInteger>(
        _ what: String,
        as type: Integer.Type = Integer.self
    ) throws -> Integer {
        Integer(bigEndian: try take(MemoryLayout<Integer>.size, of: what).loadUnaligned(as: Integer.self))
    }

    /// The next bytes as an unsigned varint: seven bits a byte, the lowest first.
    package mutating func varint(_ what: String) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try bigEndian(what, as: UInt8.self)
            let bits = UInt64(byte & 0x7f)
            guard shift < 63 || bits <= 1 else { break }
            value |= bits << shift
            if byte < 0x80 { return value }
        }
        throw SerdeError("the varint for \(what) does not end within 64 bits")
    }
}
