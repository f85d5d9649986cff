/// The layout of values in a timestamped store: 8 bytes of time, big-endian, and the value (F-06).
@usableFromInline
package enum TimestampedValue {
    @usableFromInline
    package static func timestamp(of stored: UnsafeRawBufferPointer) -> Timestamp {
        guard stored.count >= 8 else { return .unknown }
        return Timestamp(rawValue: Int64(bigEndian: stored.loadUnaligned(as: Int64.self)))
    }

    @usableFromInline
    package static func plain(_ stored: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: stored.dropFirst(8))
    }
}
