// Zstandard (RFC 8878). Frames with dictionaries are refused: Kafka has none. Checksums are not compared: the batch has one over all.

/// Reads one or more Zstandard frames.
struct Zstd {
    private static let maximumBlock = 128 << 10

    private var input: ByteInput
    private let limit: Int
    private var output: [UInt8] = []
    private var frameStart = 0
    private var sequences = ZstdSequences()
    private var huffman: ZstdHuffman?

    static func decompress(_ bytes: [UInt8], limit: Int) throws(CodecError) -> [UInt8] {
        var zstd = Zstd(input: ByteInput(bytes), limit: limit)
        repeat { try zstd.frame() } while zstd.input.remaining > 0
        return zstd.output
    }

    private init(input: ByteInput, limit: Int) {
        self.input = input
        self.limit = limit
    }

    private mutating func frame() throws(CodecError) {
        let magic = try input.integer(bytes: 4)
        if magic & ~0xF == 0x184D_2A50 {
            _ = try input.take(try input.integer(bytes: 4))
            return
        }
        guard magic == 0xFD2F_B528 else { throw .damaged("not a Zstandard frame") }
        let descriptor = Int(try input.byte())
        let isSingleSegment = descriptor & 0x20 != 0
        guard descriptor & 0x08 == 0 else { throw .damaged("a reserved bit is set") }
        if !isSingleSegment { _ = try input.byte() }
        guard try input.integer(bytes: [0, 1, 2, 4][descriptor & 3]) == 0 else {
            throw .damaged("needs a dictionary")
        }
        let sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]
        _ = try input.take(sizeBytes)
        frameStart = output.count
        sequences = ZstdSequences()
        huffman = nil
        var isLast = false
        while !isLast {
            let header = try input.integer(bytes: 3)
            isLast = header & 1 == 1
            try block(kind: header >> 1 & 3, size: header >> 3)
        }
        if descriptor & 0x04 != 0 { _ = try input.take(4) }
    }

    private mutating func block(kind: Int, size: Int) throws(CodecError) {
        switch kind {
        case 0: try output.append(try input.take(size), limit: limit)
        case 1:
            let byte = try input.byte()
            guard size <= limit - output.count else { throw .tooLarge }
            output += Array(repeating: byte, count: size)
        case 2:
            guard size <= Self.maximumBlock else { throw .damaged("a block that is too large") }
            try compressedBlock(try input.take(size))
        default: throw .damaged("unknown kind of block")
        }
    }

    private mutating func compressedBlock(_ block: ArraySlice<UInt8>) throws(CodecError) {
        var block = ByteInput(Array(block))
        let literals = try self.literals(&block)
        try sequences.run(
            try block.take(block.remaining), literals: literals, output: &output, from: frameStart, limit: limit)
    }

    // MARK: Literals

    private mutating func literals(_ block: inout ByteInput) throws(CodecError) -> [UInt8] {
        let head = Int(try block.byte())
        let kind = head & 3
        let format = head >> 2 & 3
        if kind < 2 {
            let size: Int
            switch format {
            case 1: size = head >> 4 | Int(try block.byte()) << 4
            case 3: size = head >> 4 | (try block.integer(bytes: 2)) << 4
            default: size = head >> 3
            }
            guard size <= Self.maximumBlock else { throw .damaged("too many literals") }
            if kind == 0 { return Array(try block.take(size)) }
            return Array(repeating: try block.byte(), count: size)
        }
        let sizeBits = [10, 10, 14, 18][format]
        let sizes = head >> 4 | (try block.integer(bytes: [2, 2, 3, 4][format])) << 4
        let size = sizes & ((1 << sizeBits) - 1)
        let compressed = try block.take(sizes >> sizeBits)
        guard size <= Self.maximumBlock else { throw .damaged("too many literals") }
        return try huffmanLiterals(compressed, size: size, isNew: kind == 2, streams: format == 0 ? 1 : 4)
    }

    private mutating func huffmanLiterals(
        _ compressed: ArraySlice<UInt8>, size: Int, isNew: Bool, streams: Int
    ) throws(CodecError) -> [UInt8] {
        var bytes = compressed
        if isNew {
            let (code, taken) = try ZstdHuffman.read(bytes)
            huffman = code
            bytes = bytes.dropFirst(taken)
        }
        guard let huffman else { throw .damaged("no Huffman code to use again") }
        var literals: [UInt8] = []
        literals.reserveCapacity(size)
        if streams == 1 {
            try huffman.decode(bytes, count: size, &literals)
            return literals
        }
        var jump = ByteInput(Array(bytes.prefix(6)))
        let part = (size + 3) / 4
        var rest = bytes.dropFirst(6)
        guard size >= 3 * part else { throw .damaged("too few literals for four streams") }
        for _ in 0..<3 {
            let length = try jump.integer(bytes: 2)
            guard length <= rest.count else { throw .damaged("literals that end too early") }
            try huffman.decode(rest.prefix(length), count: part, &literals)
            rest = rest.dropFirst(length)
        }
        try huffman.decode(rest, count: size - 3 * part, &literals)
        return literals
    }
}
