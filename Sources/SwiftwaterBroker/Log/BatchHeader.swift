import NIOCore

/// The 61 bytes before the records of a batch of magic 2. The checksum covers all from the attributes on.
struct BatchHeader: Sendable {
    static let size = 61
    /// What the length field does not count: the base offset and itself.
    static let uncounted = 12
    static let checksummedFrom = 21

    var baseOffset: Int64
    var totalSize: Int
    var magic: Int8
    var checksum: UInt32
    var attributes: Int16
    var lastOffsetDelta: Int32
    var baseTimestamp: Int64
    var maxTimestamp: Int64
    var producerID: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
    var count: Int32

    var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }
    var isCompressed: Bool { attributes & 7 != 0 }
    var isTransactional: Bool { attributes & 0x10 != 0 }
    var isControl: Bool { attributes & 0x20 != 0 }

    /// Sequences wrap from Int32.max to 0.
    var lastSequence: Int32 { Int32((Int64(baseSequence) + Int64(lastOffsetDelta)) & 0x7FFF_FFFF) }

    /// nil if there are not enough bytes or their sizes make no sense.
    init?(_ buffer: ByteBuffer, at start: Int) {
        guard let baseOffset = buffer.getInteger(at: start, as: Int64.self),
            let length = buffer.getInteger(at: start + 8, as: Int32.self),
            let magic = buffer.getInteger(at: start + 16, as: Int8.self),
            let checksum = buffer.getInteger(at: start + 17, as: UInt32.self),
            let attributes = buffer.getInteger(at: start + 21, as: Int16.self),
            let lastOffsetDelta = buffer.getInteger(at: start + 23, as: Int32.self),
            let baseTimestamp = buffer.getInteger(at: start + 27, as: Int64.self),
            let maxTimestamp = buffer.getInteger(at: start + 35, as: Int64.self),
            let producerID = buffer.getInteger(at: start + 43, as: Int64.self),
            let producerEpoch = buffer.getInteger(at: start + 51, as: Int16.self),
            let baseSequence = buffer.getInteger(at: start + 53, as: Int32.self),
            let count = buffer.getInteger(at: start + 57, as: Int32.self),
            Int(length) >= Self.size - Self.uncounted, lastOffsetDelta >= 0
        else { return nil }
        self.baseOffset = baseOffset
        self.totalSize = Int(length) + Self.uncounted
        self.magic = magic
        self.checksum = checksum
        self.attributes = attributes
        self.lastOffsetDelta = lastOffsetDelta
        self.baseTimestamp = baseTimestamp
        self.maxTimestamp = maxTimestamp
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        self.count = count
    }

    /// The checksum that the bytes of the batch should have.
    func computedChecksum(in buffer: ByteBuffer, at start: Int) -> UInt32? {
        guard let view = buffer.viewBytes(at: start + Self.checksummedFrom, length: totalSize - Self.checksummedFrom)
        else {
            return nil
        }
        return view.withUnsafeBytes { CRC32C.checksum($0) }
    }
}
