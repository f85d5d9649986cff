internal import Swiftwater

/// What stands before each payload: a zero byte and the number of the writer's schema, big-endian.
enum WireHeader {
    static let byteCount = 5

    /// The header of a schema.
    static func bytes(_ id: Int32) -> [UInt8] {
        [0] + withUnsafeBytes(of: id.bigEndian) { Array($0) }
    }

    /// The number of the schema.
    static func id(_ bytes: UnsafeRawBufferPointer) throws(WireFormatError) -> Int32 {
        guard bytes.count >= byteCount else {
            throw WireFormatError(
                .noSchema,
                "\(bytes.count) bytes are too few for a schema's number; the writer of the topic uses no schema registry"
            )
        }
        guard bytes[0] == 0 else {
            throw WireFormatError(
                .noSchema,
                "the first byte is \(bytes[0]) and not 0; the writer of the topic uses no schema registry"
            )
        }
        return Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: Int32.self))
    }
}
