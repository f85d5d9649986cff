extension RawSpan {
    /// Reads the whole span as a big-endian integer; throws ``SerdeError`` if its length differs from the integer's.
    @inlinable
    public func bigEndian<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) throws -> Integer {
        guard byteCount == MemoryLayout<Integer>.size else {
            throw SerdeError(
                "expected \(MemoryLayout<Integer>.size) bytes for \(Integer.self), got \(byteCount)"
            )
        }
        return withUnsafeBytes { Integer(bigEndian: $0.loadUnaligned(as: Integer.self)) }
    }

    /// The bytes copied to an array.
    @inlinable
    public var array: [UInt8] {
        withUnsafeBytes { Array($0) }
    }
}
