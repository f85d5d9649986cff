/// Snappy, bare as librdkafka writes it or in the frames of snappy-java.
enum Snappy {
    private static let frameMagic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]

    static func decompress(_ bytes: [UInt8], limit: Int) throws(CodecError) -> [UInt8] {
        var output: [UInt8] = []
        guard bytes.starts(with: frameMagic) else {
            try decompressBlock(ByteInput(bytes), &output, limit: limit)
            return output
        }
        var input = ByteInput(bytes)
        _ = try input.take(16)
        while input.remaining > 0 {
            var size = 0
            for byte in try input.take(4) { size = size << 8 | Int(byte) }
            try decompressBlock(ByteInput(Array(try input.take(size))), &output, limit: limit)
        }
        return output
    }

    private static func decompressBlock(
        _ block: ByteInput, _ output: inout [UInt8], limit: Int
    ) throws(CodecError) {
        var input = block
        let start = output.count
        let size = try uncompressedLength(&input)
        guard size <= limit - start else { throw .tooLarge }
        // References stay within their block.
        var block: [UInt8] = []
        while input.remaining > 0 {
            let tag = Int(try input.byte())
            switch tag & 3 {
            case 0:
                let short = tag >> 2
                let count = short < 60 ? short : try input.integer(bytes: short - 59)
                try block.append(input.take(count + 1), limit: size)
            case 1:
                let distance = (tag >> 5) << 8 | Int(try input.byte())
                try block.appendCopy(distance: distance, count: ((tag >> 2) & 7) + 4, limit: size)
            case 2:
                let distance = try input.integer(bytes: 2)
                try block.appendCopy(distance: distance, count: (tag >> 2) + 1, limit: size)
            default:
                let distance = try input.integer(bytes: 4)
                try block.appendCopy(distance: distance, count: (tag >> 2) + 1, limit: size)
            }
        }
        guard block.count == size else { throw .damaged("not as long as announced") }
        output += block
    }

    private static func uncompressedLength(_ input: inout ByteInput) throws(CodecError) -> Int {
        var length = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            let byte = try input.byte()
            length |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return length }
        }
        throw .damaged("a length without end")
    }
}
