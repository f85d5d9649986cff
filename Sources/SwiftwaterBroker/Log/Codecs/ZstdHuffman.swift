/// The Huffman code of Zstandard's literals (RFC 8878, 4.2): a table over as many bits as the longest code has.
struct ZstdHuffman {
    private static let longest = 11

    private let width: Int
    private var table: [(symbol: UInt8, bits: Int)] = []

    /// Reads the code's description; gives how many bytes it took.
    static func read(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> (code: ZstdHuffman, size: Int) {
        guard let head = bytes.first else { throw .damaged("no Huffman code") }
        let body = bytes.dropFirst()
        if head < 128 {
            guard body.count >= Int(head) else { throw .damaged("a Huffman code that ends too early") }
            let weights = try compressedWeights(body.prefix(Int(head)))
            return (try ZstdHuffman(weights: weights), 1 + Int(head))
        }
        let count = Int(head) - 127
        guard body.count >= (count + 1) / 2 else { throw .damaged("a Huffman code that ends too early") }
        let weights = (0..<count).map { index in
            let byte = Int(body[body.startIndex + index / 2])
            return index % 2 == 0 ? byte >> 4 : byte & 15
        }
        return (try ZstdHuffman(weights: weights), 1 + (count + 1) / 2)
    }

    /// Two states take turns until the bits are used up.
    private static func compressedWeights(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> [Int] {
        let (table, size) = try FSETable.read(bytes, maximumAccuracy: 6, symbols: 13)
        var bits = try ReverseBits(bytes.dropFirst(size))
        var states = [bits.take(table.accuracy), bits.take(table.accuracy)]
        guard bits.left >= 0 else { throw .damaged("weights without states") }
        var weights: [Int] = []
        var turn = 0
        while weights.count < 255 {
            let entry = table[states[turn]]
            weights.append(entry.symbol)
            if bits.left < entry.bits {
                weights.append(table[states[1 - turn]].symbol)
                break
            }
            states[turn] = entry.baseline + bits.take(entry.bits)
            turn = 1 - turn
        }
        return weights
    }

    /// The last symbol's weight is what is missing to a power of two.
    private init(weights: [Int]) throws(CodecError) {
        var total = 0
        for weight in weights {
            guard weight <= Self.longest else { throw .damaged("a code that is too long") }
            if weight > 0 { total += 1 << (weight - 1) }
        }
        guard total > 0, weights.count < 256 else { throw .damaged("a Huffman code of nothing") }
        width = Int.bitWidth - total.leadingZeroBitCount
        let rest = (1 << width) - total
        guard width <= Self.longest, rest.nonzeroBitCount == 1 else { throw .damaged("weights that do not add up") }
        let all = weights + [rest.trailingZeroBitCount + 1]
        for weight in 1...width {
            for symbol in all.indices where all[symbol] == weight {
                let entry = (symbol: UInt8(truncatingIfNeeded: symbol), bits: width + 1 - weight)
                table += Array(repeating: entry, count: 1 << (weight - 1))
            }
        }
        guard table.count == 1 << width else { throw .damaged("weights that do not add up") }
    }

    func decode(_ bytes: ArraySlice<UInt8>, count: Int, _ output: inout [UInt8]) throws(CodecError) {
        var bits = try ReverseBits(bytes)
        for _ in 0..<count {
            let entry = table[bits.peek(width)]
            bits.skip(entry.bits)
            output.append(entry.symbol)
        }
        guard bits.left == 0 else { throw .damaged("literals of another length") }
    }
}
