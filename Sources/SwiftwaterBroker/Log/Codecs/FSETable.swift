/// A decoding table of finite state entropy (RFC 8878, 4.1).
struct FSETable {
    struct Entry {
        var symbol: Int
        var bits: Int
        var baseline: Int
    }

    let accuracy: Int
    private let entries: [Entry]

    /// Always the same symbol, for no bits.
    init(only symbol: Int) {
        accuracy = 0
        entries = [Entry(symbol: symbol, bits: 0, baseline: 0)]
    }

    /// -1 is a probability below 1.
    init(accuracy: Int, probabilities: [Int]) throws(CodecError) {
        let size = 1 << accuracy
        self.accuracy = accuracy
        var symbols = [Int](repeating: 0, count: size)
        var high = size - 1
        for symbol in probabilities.indices where probabilities[symbol] == -1 {
            guard high >= 0 else { throw .damaged("more symbols than states") }
            symbols[high] = symbol
            high -= 1
        }
        let step = (size >> 1) + (size >> 3) + 3
        var position = 0
        for symbol in probabilities.indices where probabilities[symbol] > 0 {
            for _ in 0..<probabilities[symbol] {
                symbols[position] = symbol
                repeat { position = (position + step) & (size - 1) } while position > high
            }
        }
        guard position == 0 else { throw .damaged("probabilities that do not add up") }
        var next = probabilities.map { $0 == -1 ? 1 : $0 }
        entries = symbols.map { symbol in
            let state = next[symbol]
            next[symbol] += 1
            let bits = accuracy - (Int.bitWidth - 1 - max(1, state).leadingZeroBitCount)
            return Entry(symbol: symbol, bits: bits, baseline: (state << bits) - size)
        }
    }

    /// Reads a table's description; gives how many bytes it took.
    static func read(
        _ bytes: ArraySlice<UInt8>, maximumAccuracy: Int, symbols: Int
    ) throws(CodecError) -> (table: FSETable, size: Int) {
        var position = 0
        func bits(_ count: Int) throws(CodecError) -> Int {
            guard position + count <= bytes.count * 8 else { throw .damaged("a table that ends too early") }
            var value = 0
            for index in 0..<count {
                let at = position + index
                value |= (Int(bytes[bytes.startIndex + at / 8]) >> (at % 8) & 1) << index
            }
            position += count
            return value
        }
        let accuracy = try bits(4) + 5
        guard accuracy <= maximumAccuracy else { throw .damaged("a table of too many states") }
        var left = (1 << accuracy) + 1
        var probabilities: [Int] = []
        while left > 1 {
            guard probabilities.count < symbols else { throw .damaged("a table of too many symbols") }
            // Values below a threshold are told with one bit less.
            let width = Int.bitWidth - left.leadingZeroBitCount
            let short = (1 << width) - 1 - left
            var value = try bits(width - 1)
            if value >= short {
                let top = try bits(1)
                if top == 1 {
                    value += 1 << (width - 1)
                    value -= short
                }
            }
            let probability = value - 1
            probabilities.append(probability)
            left -= abs(probability)
            if probability == 0 {
                while true {
                    let zeros = try bits(2)
                    probabilities += Array(repeating: 0, count: zeros)
                    if zeros < 3 { break }
                }
            }
        }
        guard left == 1, probabilities.count <= symbols else { throw .damaged("probabilities that do not add up") }
        return (try FSETable(accuracy: accuracy, probabilities: probabilities), (position + 7) / 8)
    }

    subscript(state: Int) -> Entry {
        entries[min(state, entries.count - 1)]
    }
}
