extension Serde {
    /// The changes of a table in the topic that regroups it (F-05): the value before and 0, the value after and 1, or, with both,
    /// the length of the value after as a variable-length integer, that value, the one before, and 2.
    @inlinable
    static func change<Wrapped>(_ wrapped: Serde<Wrapped>) -> Serde<Change<Wrapped>> where Value == Change<Wrapped> {
        Serde<Change<Wrapped>>(
            serialize: { change, bytes, context in
                let start = bytes.count
                let hasNew = try change.new.map { try wrapped.write($0, to: bytes, context) } ?? false
                let middle = bytes.count
                let hasOld = try change.old.map { try wrapped.write($0, to: bytes, context) } ?? false
                switch (hasNew, hasOld) {
                case (false, false): throw SerdeError("a change from no value to no value cannot be written")
                case (false, true): bytes.append(0)
                case (true, false): bytes.append(1)
                case (true, true):
                    bytes.insert(varint: middle - start, at: start)
                    bytes.append(2)
                }
            },
            deserialize: { span, context in
                try span.withUnsafeBytes { bytes in
                    guard let flag = bytes.last else { throw SerdeError("a change of no bytes") }
                    let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
                    switch flag {
                    case 0: return Change(new: nil, old: try wrapped.read(body, context))
                    case 1: return Change(new: try wrapped.read(body, context), old: nil)
                    case 2:
                        let (length, start) = try changeLength(body)
                        return Change(
                            new: try wrapped.read(.init(rebasing: body[start..<(start + length)]), context),
                            old: try wrapped.read(.init(rebasing: body[(start + length)...]), context)
                        )
                    default: throw SerdeError("a change of kind \(flag), which is reserved")
                    }
                }
            },
            nullValue: nil,
            isNull: nil
        )
    }
}

/// Reads the length of the first of two values, a zigzag varint as in Kafka's records, and where that value begins.
@usableFromInline
func changeLength(_ bytes: UnsafeRawBufferPointer) throws -> (length: Int, start: Int) {
    var bits: UInt64 = 0
    for (index, byte) in bytes.prefix(5).enumerated() {
        bits |= UInt64(byte & 0x7f) << (7 * UInt64(index))
        if byte < 0x80 {
            let length = Int64(bits >> 1) ^ -Int64(bits & 1)
            guard length >= 0, length <= bytes.count - index - 1 else { break }
            return (Int(length), index + 1)
        }
    }
    throw SerdeError("a change of \(bytes.count) bytes does not hold the two values that it says it does")
}

extension ByteWriter {
    /// Puts a zigzag varint before what was written from a position on.
    @usableFromInline
    func insert(varint value: Int, at position: Int) {
        var rest = UInt64(bitPattern: Int64(value) << 1 ^ Int64(value) >> 63)
        var encoded: [UInt8] = []
        while rest >= 0x80 {
            encoded.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        encoded.append(UInt8(rest))
        let length = count - position
        _ = extend(by: encoded.count)
        let place = state.pointee.start + position
        (place + encoded.count).copyMemory(from: place, byteCount: length)
        encoded.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: place, count: encoded.count).copyMemory(from: bytes)
        }
    }
}
