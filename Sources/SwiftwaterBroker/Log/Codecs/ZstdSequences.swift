/// The sequences of Zstandard's blocks: so many literals, then so many bytes from so far back. Tables and the last three distances go on
/// from block to block.
struct ZstdSequences {
    /// What one of the three kinds of code stands for: a baseline, and bits to add.
    private struct Code {
        var baselines: [Int]
        var bits: [Int]
        var maximumAccuracy: Int
        var predefined: (accuracy: Int, probabilities: [Int])
        var table: FSETable?

        mutating func setTable(mode: Int, _ bytes: inout ArraySlice<UInt8>) throws(CodecError) {
            switch mode {
            case 0: table = try FSETable(accuracy: predefined.accuracy, probabilities: predefined.probabilities)
            case 1:
                guard let symbol = bytes.popFirst() else { throw .damaged("a table that ends too early") }
                table = FSETable(only: Int(symbol))
            case 2:
                let (read, size) = try FSETable.read(
                    bytes, maximumAccuracy: maximumAccuracy, symbols: max(32, baselines.count))
                table = read
                bytes = bytes.dropFirst(size)
            default: guard table != nil else { throw .damaged("no table to use again") }
            }
        }
    }

    private var lengths = Code(
        baselines: Array(0..<16) + [
            16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536,
        ],
        bits: Array(repeating: 0, count: 16) + [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        maximumAccuracy: 9,
        predefined: (
            6,
            [
                4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
                -1, -1,
            ]
        ))

    private var matches = Code(
        baselines: Array(3..<35) + [
            35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1_027, 2_051, 4_099, 8_195, 16_387, 32_771,
            65_539,
        ],
        bits: Array(repeating: 0, count: 32) + [
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ],
        maximumAccuracy: 9,
        predefined: (
            6,
            [
                1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
            ]
        ))

    private var distances = Code(
        baselines: (0..<32).map { 1 << $0 }, bits: Array(0..<32), maximumAccuracy: 8,
        predefined: (
            5,
            [
                1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
            ]
        ))

    private var last = (1, 4, 8)

    mutating func run(
        _ block: ArraySlice<UInt8>, literals: [UInt8], output: inout [UInt8], from start: Int, limit: Int
    ) throws(CodecError) {
        var bytes = block
        let count = try Self.count(&bytes)
        guard count > 0 else { return try output.append(literals[...], limit: limit) }
        guard let modes = bytes.popFirst().map(Int.init) else { throw .damaged("sequences that end too early") }
        try lengths.setTable(mode: modes >> 6, &bytes)
        try distances.setTable(mode: modes >> 4 & 3, &bytes)
        try matches.setTable(mode: modes >> 2 & 3, &bytes)
        guard let ofLengths = lengths.table, let ofDistances = distances.table, let ofMatches = matches.table else {
            throw .damaged("no tables")
        }
        var bits = try ReverseBits(bytes)
        var length = bits.take(ofLengths.accuracy)
        var distance = bits.take(ofDistances.accuracy)
        var match = bits.take(ofMatches.accuracy)
        var used = 0
        for index in 0..<count {
            let distanceCode = ofDistances[distance]
            guard distanceCode.symbol < 32 else { throw .damaged("a distance that is too large") }
            let offset = (1 << distanceCode.symbol) + bits.take(distanceCode.symbol)
            let matched = try Self.value(matches, ofMatches[match].symbol, &bits)
            let literal = try Self.value(lengths, ofLengths[length].symbol, &bits)
            guard literal <= literals.count - used else { throw .damaged("more literals than there are") }
            try output.append(literals[used..<used + literal], limit: limit)
            used += literal
            let back = resolve(offset, literal)
            guard back > 0, back <= output.count - start else { throw .damaged("a reference to before the beginning") }
            try output.appendCopy(distance: back, count: matched, limit: limit)
            if index < count - 1 {
                length = ofLengths[length].baseline + bits.take(ofLengths[length].bits)
                match = ofMatches[match].baseline + bits.take(ofMatches[match].bits)
                distance = ofDistances[distance].baseline + bits.take(ofDistances[distance].bits)
            }
            guard bits.left >= 0 else { throw .damaged("sequences that end too early") }
        }
        guard bits.left == 0 else { throw .damaged("more bits than sequences") }
        try output.append(literals[used...], limit: limit)
    }

    private static func count(_ bytes: inout ArraySlice<UInt8>) throws(CodecError) -> Int {
        guard let first = bytes.popFirst().map(Int.init) else { throw .damaged("no sequences") }
        if first < 128 { return first }
        guard let second = bytes.popFirst().map(Int.init) else { throw .damaged("no sequences") }
        if first < 255 { return (first - 128) << 8 + second }
        guard let third = bytes.popFirst().map(Int.init) else { throw .damaged("no sequences") }
        return second + third << 8 + 0x7F00
    }

    private static func value(_ code: Code, _ symbol: Int, _ bits: inout ReverseBits) throws(CodecError) -> Int {
        guard symbol < code.baselines.count else { throw .damaged("no such code") }
        return code.baselines[symbol] + bits.take(code.bits[symbol])
    }

    /// Values up to 3 mean one of the last three distances; without literals before, the one after it.
    private mutating func resolve(_ value: Int, _ literals: Int) -> Int {
        guard value <= 3 else {
            last = (value - 3, last.0, last.1)
            return value - 3
        }
        switch literals == 0 ? value + 1 : value {
        case 1: break
        case 2: last = (last.1, last.0, last.2)
        case 3: last = (last.2, last.0, last.1)
        default: last = (last.0 - 1, last.0, last.1)
        }
        return last.0
    }
}
