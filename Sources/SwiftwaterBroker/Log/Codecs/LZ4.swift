/// The LZ4 frame format. Checksums are not compared: the batch has one over all.
enum LZ4 {
    static func decompress(_ bytes: [UInt8], limit: Int) throws(CodecError) -> [UInt8] {
        var input = ByteInput(bytes)
        guard try input.integer(bytes: 4) == 0x184D_2204 else { throw .damaged("not an LZ4 frame") }
        let flags = try input.byte()
        guard flags >> 6 == 1 else { throw .damaged("unknown LZ4 version") }
        _ = try input.byte()
        if flags & 0x08 != 0 { _ = try input.take(8) }
        if flags & 0x01 != 0 { _ = try input.take(4) }
        _ = try input.byte()
        var output: [UInt8] = []
        while true {
            let size = try input.integer(bytes: 4)
            if size == 0 { break }
            let block = try input.take(size & 0x7FFF_FFFF)
            if size & 0x8000_0000 != 0 {
                try output.append(block, limit: limit)
            } else {
                try decompressBlock(block, &output, limit: limit)
            }
            if flags & 0x10 != 0 { _ = try input.take(4) }
        }
        return output
    }

    /// References may go back into the blocks before.
    private static func decompressBlock(
        _ block: ArraySlice<UInt8>, _ output: inout [UInt8], limit: Int
    ) throws(CodecError) {
        var input = ByteInput(Array(block))
        while input.remaining > 0 {
            let token = Int(try input.byte())
            try output.append(input.take(try length(token >> 4, &input)), limit: limit)
            // The last sequence is literals alone.
            if input.remaining == 0 { break }
            let distance = try input.integer(bytes: 2)
            let count = try length(token & 0x0F, &input) + 4
            try output.appendCopy(distance: distance, count: count, limit: limit)
        }
    }

    private static func length(_ nibble: Int, _ input: inout ByteInput) throws(CodecError) -> Int {
        guard nibble == 15 else { return nibble }
        var length = 15
        while true {
            let byte = Int(try input.byte())
            length += byte
            if byte != 255 { return length }
        }
    }
}
