import NIOCore

@testable import SwiftwaterBroker

/// Builds a batch of magic 2 byte by byte, with a checksum of its own so that the log's is not tested against itself.
struct BatchBuilder {
    var values = ["a"]
    var baseTimestamp: Int64 = 1_000
    var producerID: Int64 = -1
    var producerEpoch: Int16 = -1
    var baseSequence: Int32 = -1
    var attributes: Int16 = 0

    /// One record for each value, a millisecond apart.
    var bytes: ByteBuffer {
        var tail = ByteBuffer()
        tail.writeInteger(attributes)
        tail.writeInteger(Int32(values.count - 1))
        tail.writeInteger(baseTimestamp)
        tail.writeInteger(baseTimestamp + Int64(values.count - 1))
        tail.writeInteger(producerID)
        tail.writeInteger(producerEpoch)
        tail.writeInteger(baseSequence)
        tail.writeInteger(Int32(values.count))
        for (index, value) in values.enumerated() {
            var record = ByteBuffer(bytes: [0])
            Self.write(index, to: &record)
            Self.write(index, to: &record)
            Self.write(-1, to: &record)
            Self.write(value.utf8.count, to: &record)
            record.writeString(value)
            Self.write(0, to: &record)
            Self.write(record.readableBytes, to: &tail)
            tail.writeBuffer(&record)
        }
        var batch = ByteBuffer()
        batch.writeInteger(Int64(0))
        batch.writeInteger(Int32(tail.readableBytes + 9))
        batch.writeInteger(Int32(-1))
        batch.writeInteger(Int8(2))
        batch.writeInteger(Self.checksum(tail))
        batch.writeBuffer(&tail)
        return batch
    }

    private static func write(_ value: Int, to buffer: inout ByteBuffer) {
        var left = UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))
        while left > 0x7F {
            buffer.writeInteger(UInt8(left & 0x7F) | 0x80)
            left >>= 7
        }
        buffer.writeInteger(UInt8(left))
    }

    /// CRC-32C a bit at a time.
    static func checksum(_ buffer: ByteBuffer) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in buffer.readableBytesView {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }
}
