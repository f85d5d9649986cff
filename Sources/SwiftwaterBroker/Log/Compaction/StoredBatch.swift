import NIOCore

/// A whole batch out of a segment.
struct StoredBatch {
    static let deleteHorizonFlag: Int16 = 0x40
    static let logAppendTimeFlag: Int16 = 0x08

    var header: BatchHeader
    var bytes: ByteBuffer

    /// When its tombstones, or its marker, may go; nil as long as no compaction has said so (KIP-534).
    var deleteHorizon: Int64? { header.attributes & Self.deleteHorizonFlag != 0 ? header.baseTimestamp : nil }

    /// The records uncompressed; nil if they are of a codec that is not read here, or damaged.
    var records: [UInt8]? {
        let compressed = bytes.getBytes(at: BatchHeader.size, length: header.totalSize - BatchHeader.size) ?? []
        return try? RecordCodec.decompress(compressed, codec: header.attributes & 7)
    }
}
