// The counterpart of `ProtocolReader`: a response codec is written once and comes out in the classic or the flexible form.

package import NIOCore

package struct ProtocolWriter {
    package var buffer: ByteBuffer
    package let isFlexible: Bool

    package init(_ buffer: ByteBuffer = ByteBuffer(), isFlexible: Bool = false) {
        self.buffer = buffer
        self.isFlexible = isFlexible
    }

    package mutating func bool(_ value: Bool) { buffer.writeInteger(value ? 1 : 0, as: UInt8.self) }
    package mutating func int8(_ value: Int8) { buffer.writeInteger(value) }
    package mutating func int16(_ value: Int16) { buffer.writeInteger(value) }
    package mutating func int32(_ value: Int32) { buffer.writeInteger(value) }
    package mutating func int64(_ value: Int64) { buffer.writeInteger(value) }
    package mutating func uint32(_ value: UInt32) { buffer.writeInteger(value) }
    package mutating func float64(_ value: Double) { buffer.writeInteger(value.bitPattern) }
    package mutating func error(_ code: ErrorCode) { buffer.writeInteger(code.rawValue) }

    package mutating func unsignedVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func varint(_ value: Int32) {
        unsignedVarint(UInt32(bitPattern: (value << 1) ^ (value >> 31)))
    }

    package mutating func varlong(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func uuid(high: UInt64, low: UInt64) {
        buffer.writeInteger(high)
        buffer.writeInteger(low)
    }

    /// The length of an array or of bytes, for codecs that append the content themselves; nil is null.
    package mutating func length(_ length: Int?) {
        if isFlexible {
            unsignedVarint(UInt32(truncatingIfNeeded: (length ?? -1) + 1))
        } else {
            int32(Int32(truncatingIfNeeded: length ?? -1))
        }
    }

    /// A string of more than 32,767 bytes is cut: the protocol cannot carry it.
    package mutating func nullableString(_ value: String?) {
        guard let value else {
            if isFlexible { unsignedVarint(0) } else { int16(-1) }
            return
        }
        let bytes = value.utf8.prefix(Int(Int16.max))
        if isFlexible {
            unsignedVarint(UInt32(bytes.count + 1))
        } else {
            int16(Int16(bytes.count))
        }
        buffer.writeBytes(bytes)
    }

    package mutating func string(_ value: String) { nullableString(value) }

    package mutating func nullableBytes(_ value: ByteBuffer?) {
        length(value?.readableBytes)
        if let value { buffer.writeImmutableBuffer(value) }
    }

    package mutating func bytes(_ value: ByteBuffer) { nullableBytes(value) }

    package mutating func array<Elements: Collection>(
        _ elements: Elements,
        _ write: (inout ProtocolWriter, Elements.Element) -> Void
    ) {
        length(elements.count)
        for element in elements { write(&self, element) }
    }

    package mutating func nullableArray<Elements: Collection>(
        _ elements: Elements?,
        _ write: (inout ProtocolWriter, Elements.Element) -> Void
    ) {
        guard let elements else { return length(nil) }
        array(elements, write)
    }

    package mutating func strings(_ values: [String]) { array(values) { $0.string($1) } }
    package mutating func int32s(_ values: [Int32]) { array(values) { $0.int32($1) } }

    /// The end of a structure: no tagged fields, or nothing where the version has none.
    package mutating func taggedFields() {
        if isFlexible { unsignedVarint(0) }
    }
}
