/// A canonical Huffman code: shorter codes first, and among those of a length in the order of their symbols.
struct HuffmanCode {
    private static let longest = 15

    private var counts = [Int](repeating: 0, count: longest + 1)
    private var symbols: [Int] = []

    /// The length of each symbol's code; 0 is a symbol that does not occur.
    init(lengths: [Int]) throws(CodecError) {
        var free = 1
        for length in 1...Self.longest {
            let ofLength = lengths.indices.filter { lengths[$0] == length }
            counts[length] = ofLength.count
            symbols += ofLength
            free = free * 2 - ofLength.count
            guard free >= 0 else { throw .damaged("more codes than there can be") }
        }
    }

    func next(_ bits: inout BitInput) throws(CodecError) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.longest {
            code |= try bits.take(1)
            if code - first < counts[length] { return symbols[index + code - first] }
            index += counts[length]
            first = (first + counts[length]) << 1
            code <<= 1
        }
        throw .damaged("no such code")
    }
}
