import NIOCore

extension StoredBatch {
    /// The batch with some of its records, uncompressed. Its offsets, its producer and its sequence numbers stay what they were.
    ///
    /// - Parameter horizon: when its tombstones or its marker may go; it takes the place of the base timestamp, to which the records'
    ///   times are relative, as KIP-534 has it.
    func rewritten(keeping kept: [BatchRecord], of records: [UInt8], horizon: Int64?) -> ByteBuffer {
        let base = horizon ?? header.baseTimestamp
        let shift = header.baseTimestamp &- base
        var body = ProtocolWriter()
        var latest: Int64 = -1
        for record in kept {
            latest = max(latest, header.baseTimestamp &+ record.timestampDelta)
            if shift == 0 {
                body.buffer.writeBytes(records[record.whole])
            } else {
                var head = ProtocolWriter()
                head.int8(Int8(bitPattern: record.attributes))
                head.varlong(record.timestampDelta &+ shift)
                head.varlong(record.offsetDelta)
                body.varlong(Int64(head.buffer.readableBytes + record.content.count))
                body.buffer.writeImmutableBuffer(head.buffer)
                body.buffer.writeBytes(records[record.content])
            }
        }
        if header.attributes & Self.logAppendTimeFlag != 0 || kept.isEmpty { latest = header.maxTimestamp }
        var attributes = header.attributes & ~(7 | Self.deleteHorizonFlag)
        if horizon != nil { attributes |= Self.deleteHorizonFlag }
        return write(attributes, base: base, latest: latest, count: kept.count, body.buffer)
    }

    private func write(
        _ attributes: Int16, base: Int64, latest: Int64, count: Int, _ body: ByteBuffer
    ) -> ByteBuffer {
        let size = BatchHeader.size + body.readableBytes
        var batch = ByteBufferAllocator().buffer(capacity: size)
        batch.writeInteger(header.baseOffset)
        batch.writeInteger(Int32(truncatingIfNeeded: size - BatchHeader.uncounted))
        batch.writeInteger(Int32(0))
        batch.writeInteger(Int8(2))
        batch.writeInteger(UInt32(0))
        batch.writeInteger(attributes)
        batch.writeInteger(header.lastOffsetDelta)
        batch.writeInteger(base)
        batch.writeInteger(latest)
        batch.writeInteger(header.producerID)
        batch.writeInteger(header.producerEpoch)
        batch.writeInteger(header.baseSequence)
        batch.writeInteger(Int32(truncatingIfNeeded: count))
        batch.writeImmutableBuffer(body)
        let checksum = batch.withUnsafeReadableBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[BatchHeader.checksummedFrom...]))
        }
        batch.setInteger(checksum, at: 17)
        return batch
    }
}
