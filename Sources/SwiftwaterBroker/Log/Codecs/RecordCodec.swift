/// The compression of a batch's records, by the number in its attributes.
///
/// Only reading: what this broker writes anew it leaves uncompressed, which every client reads as well.
enum RecordCodec {
    /// More is not unpacked, whatever a few bytes announce.
    static let limit = 128 << 20

    /// nil if it is a codec of the future.
    static func decompress(_ bytes: [UInt8], codec: Int16, limit: Int = limit) throws(CodecError) -> [UInt8]? {
        switch codec {
        case 0: bytes
        case 1: try Inflate.gzip(bytes, limit: limit)
        case 2: try Snappy.decompress(bytes, limit: limit)
        case 3: try LZ4.decompress(bytes, limit: limit)
        case 4: try Zstd.decompress(bytes, limit: limit)
        default: nil
        }
    }
}
