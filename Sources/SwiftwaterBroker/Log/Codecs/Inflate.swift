/// Deflate (RFC 1951) in the gzip format (RFC 1952). The gzip checksum is not compared: the batch has one over all.
struct Inflate {
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private var bits: BitInput
    private var output: [UInt8] = []
    private let limit: Int

    static func gzip(_ bytes: [UInt8], limit: Int) throws(CodecError) -> [UInt8] {
        var input = ByteInput(bytes)
        guard try input.byte() == 0x1F, try input.byte() == 0x8B, try input.byte() == 8 else {
            throw .damaged("not gzip")
        }
        let flags = try input.byte()
        _ = try input.take(6)
        if flags & 4 != 0 { _ = try input.take(try input.integer(bytes: 2)) }
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            while try input.byte() != 0 {}
        }
        if flags & 2 != 0 { _ = try input.take(2) }
        var inflate = Inflate(bits: BitInput(input), limit: limit)
        return try inflate.run()
    }

    private init(bits: BitInput, limit: Int) {
        self.bits = bits
        self.limit = limit
    }

    private mutating func run() throws(CodecError) -> [UInt8] {
        while true {
            let isLast = try bits.take(1) == 1
            switch try bits.take(2) {
            case 0: try storedBlock()
            case 1: try block(try Self.fixedLiterals(), try HuffmanCode(lengths: Array(repeating: 5, count: 30)))
            case 2:
                let codes = try dynamicCodes()
                try block(codes.literals, codes.distances)
            default: throw .damaged("unknown kind of block")
            }
            if isLast { return output }
        }
    }

    private mutating func storedBlock() throws(CodecError) {
        bits.alignToByte()
        let count = try bits.take(16)
        guard try bits.take(16) == count ^ 0xFFFF else { throw .damaged("length of a stored block") }
        try output.append(try bits.takeBytes(count), limit: limit)
    }

    private static func fixedLiterals() throws(CodecError) -> HuffmanCode {
        try HuffmanCode(
            lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    }

    private mutating func dynamicCodes() throws(CodecError) -> (literals: HuffmanCode, distances: HuffmanCode) {
        let literals = try bits.take(5) + 257
        let distances = try bits.take(5) + 1
        let count = try bits.take(4) + 4
        var ofLengths = [Int](repeating: 0, count: 19)
        for index in 0..<count { ofLengths[Self.orderOfLengths[index]] = try bits.take(3) }
        let code = try HuffmanCode(lengths: ofLengths)
        var lengths: [Int] = []
        while lengths.count < literals + distances {
            let symbol = try code.next(&bits)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw .damaged("nothing to repeat") }
                lengths += Array(repeating: last, count: try bits.take(2) + 3)
            case 17: lengths += Array(repeating: 0, count: try bits.take(3) + 3)
            case 18: lengths += Array(repeating: 0, count: try bits.take(7) + 11)
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literals + distances else { throw .damaged("code lengths") }
        return (
            try HuffmanCode(lengths: Array(lengths[..<literals])), try HuffmanCode(lengths: Array(lengths[literals...]))
        )
    }

    private mutating func block(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(CodecError) {
        while true {
            let symbol = try literals.next(&bits)
            if symbol == 256 { return }
            if symbol < 256 {
                guard output.count < limit else { throw .tooLarge }
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            guard symbol - 257 < Self.lengthBases.count else { throw .damaged("no such length") }
            let count = Self.lengthBases[symbol - 257] + (try bits.take(Self.lengthBits[symbol - 257]))
            let place = try distances.next(&bits)
            guard place < Self.distanceBases.count else { throw .damaged("no such distance") }
            let distance = Self.distanceBases[place] + (try bits.take(Self.distanceBits[place]))
            try output.appendCopy(distance: distance, count: count, limit: limit)
        }
    }
}
