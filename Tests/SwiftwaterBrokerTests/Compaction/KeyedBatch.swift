import NIOCore

@testable import SwiftwaterBroker

/// Builds a batch of records with keys, a millisecond apart.
struct KeyedBatch {
    var records: [(key: String?, value: String?)]
    var timestamp: Int64 = 1_000
    var producerID: Int64 = -1
    var producerEpoch: Int16 = -1
    var baseSequence: Int32 = -1
    var isTransactional = false

    init(_ records: [(key: String?, value: String?)], timestamp: Int64 = 1_000) {
        self.records = records
        self.timestamp = timestamp
    }

    var bytes: ByteBuffer {
        var body = ProtocolWriter()
        for (index, record) in records.enumerated() {
            Self.write(index, key: record.key.map { Array($0.utf8) }, value: record.value, to: &body)
        }
        return Self.batch(
            attributes: isTransactional ? 0x10 : 0, count: records.count, timestamp: timestamp, producerID: producerID,
            epoch: producerEpoch, sequence: baseSequence, body: body.buffer)
    }

    /// A batch whose records stand in the body, compressed with the codec.
    static func compressed(_ codec: Int16, count: Int, body: ByteBuffer, timestamp: Int64 = 1_000) -> ByteBuffer {
        batch(
            attributes: codec, count: count, timestamp: timestamp, producerID: -1, epoch: -1, sequence: -1, body: body)
    }

    private static func write(_ index: Int, key: [UInt8]?, value: String?, to body: inout ProtocolWriter) {
        var record = ProtocolWriter()
        record.int8(0)
        record.varlong(Int64(index))
        record.varint(Int32(index))
        record.varint(Int32(key?.count ?? -1))
        record.buffer.writeBytes(key ?? [])
        record.varint(Int32(value?.utf8.count ?? -1))
        record.buffer.writeString(value ?? "")
        record.varint(0)
        body.varint(Int32(record.buffer.readableBytes))
        body.buffer.writeImmutableBuffer(record.buffer)
    }

    private static func batch(
        attributes: Int16, count: Int, timestamp: Int64, producerID: Int64, epoch: Int16, sequence: Int32,
        body: ByteBuffer
    ) -> ByteBuffer {
        var tail = ByteBuffer()
        tail.writeInteger(attributes)
        tail.writeInteger(Int32(count - 1))
        tail.writeInteger(timestamp)
        tail.writeInteger(timestamp + Int64(count - 1))
        tail.writeInteger(producerID)
        tail.writeInteger(epoch)
        tail.writeInteger(sequence)
        tail.writeInteger(Int32(count))
        tail.writeImmutableBuffer(body)
        var batch = ByteBuffer()
        batch.writeInteger(Int64(0))
        batch.writeInteger(Int32(tail.readableBytes + 9))
        batch.writeInteger(Int32(-1))
        batch.writeInteger(Int8(2))
        batch.writeInteger(tail.withUnsafeReadableBytes { CRC32C.checksum($0) })
        batch.writeBuffer(&tail)
        return batch
    }
}
