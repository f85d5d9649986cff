/// Goes through the records of a batch.
struct RecordCursor {
    let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// nil at the end.
    mutating func next() throws(CodecError) -> BatchRecord? {
        if position == bytes.count { return nil }
        let start = position
        let length = try varint()
        guard length > 0, length <= Int64(bytes.count - position) else { throw .damaged("a record's length") }
        let end = position + Int(length)
        let attributes = bytes[position]
        position += 1
        let timestampDelta = try varint()
        let offsetDelta = try varint()
        let content = position
        let keyLength = try varint()
        var key: Range<Int>?
        if keyLength >= 0 {
            guard keyLength <= Int64(end - position) else { throw .damaged("a key's length") }
            key = position..<position + Int(keyLength)
            position += Int(keyLength)
        }
        let valueLength = try varint()
        guard position <= end, valueLength <= Int64(end - position) else { throw .damaged("a value's length") }
        position = end
        return BatchRecord(
            whole: start..<end, content: content..<end, attributes: attributes, timestampDelta: timestampDelta,
            offsetDelta: offsetDelta, key: key, hasValue: valueLength >= 0)
    }

    private mutating func varint() throws(CodecError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard position < bytes.count, shift < 64 else { throw .damaged("a number without end") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
