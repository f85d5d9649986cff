import NIOCore

/// The marker that ends a transaction in a partition: a batch of one record, which clients read and never show.
struct ControlRecord: Sendable, Equatable {
    enum Kind: Int16, Sendable {
        case abort = 0
        case commit = 1
    }

    static let attributes: Int16 = 0x30

    var kind: Kind
    var producerID: Int64
    var producerEpoch: Int16

    /// What the record of a control batch says; nil if it is of a kind that ends no transaction, or not to be understood.
    static func kind(in batch: ByteBuffer) -> Kind? {
        guard let record = batch.getSlice(at: BatchHeader.size, length: batch.writerIndex - BatchHeader.size) else {
            return nil
        }
        var reader = ProtocolReader(record)
        guard (try? reader.varint()) != nil, (try? reader.int8()) != nil, (try? reader.varlong()) != nil,
            (try? reader.varint()) != nil, let keyLength = try? reader.varint(), keyLength >= 4,
            (try? reader.int16()) != nil, let kind = try? reader.int16()
        else { return nil }
        return Kind(rawValue: kind)
    }

    /// The whole batch. There has been one coordinator epoch, 0.
    func batch(baseOffset: Int64, timestamp: Int64) -> ByteBuffer {
        var record = ProtocolWriter()
        record.int8(0)
        record.varlong(0)
        record.varint(0)
        record.varint(4)
        record.int16(0)
        record.int16(kind.rawValue)
        record.varint(6)
        record.int16(0)
        record.int32(0)
        record.varint(0)

        var batch = ProtocolWriter()
        batch.int64(baseOffset)
        batch.int32(0)
        batch.int32(0)
        batch.int8(2)
        batch.uint32(0)
        batch.int16(Self.attributes)
        batch.int32(0)
        batch.int64(timestamp)
        batch.int64(timestamp)
        batch.int64(producerID)
        batch.int16(producerEpoch)
        batch.int32(-1)
        batch.int32(1)
        batch.varint(Int32(record.buffer.readableBytes))
        batch.buffer.writeImmutableBuffer(record.buffer)
        batch.buffer.setInteger(Int32(batch.buffer.readableBytes - BatchHeader.uncounted), at: 8)
        if let header = BatchHeader(batch.buffer, at: 0),
            let checksum = header.computedChecksum(in: batch.buffer, at: 0)
        {
            batch.buffer.setInteger(checksum, at: 17)
        }
        return batch.buffer
    }
}
