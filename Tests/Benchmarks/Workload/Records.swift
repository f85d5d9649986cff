import Swiftwater

/// The records of the input topic, drawn before the clock starts: only their bytes are handed out while it runs.
struct Records {
    private static let keySize = 12

    private let keys: [UInt8]
    private let partitions: [Int32]
    /// The key of each record.
    private let order: [UInt32]
    /// Printable; a value is a piece of it.
    private let text: [UInt8]
    private let valueSize: Int

    init(_ options: WorkloadOptions) {
        var random = RandomNumbers()
        keys = (0..<options.keys).flatMap { number in
            let digits = Array("\(number)".utf8)
            return Array("key-".utf8) + Array(repeating: UInt8(ascii: "0"), count: 8 - digits.count) + digits
        }
        partitions = keys.withUnsafeBytes { bytes in
            (0..<options.keys).map { number in
                let key = UnsafeRawBufferPointer(rebasing: bytes[number * Self.keySize..<(number + 1) * Self.keySize])
                return DefaultPartitioner.partition(of: key, count: Int32(options.partitions))
            }
        }
        order = options.zipf ? Self.zipf(options, &random) : Self.uniform(options, &random)
        valueSize = options.valueSize
        text = (0..<(1 << 20) + options.valueSize).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
    }

    var count: Int { order.count }

    /// Calls the body with each record in turn.
    func forEach(
        _ body: (_ partition: Int32, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        try keys.withUnsafeBytes { keys in
            try text.withUnsafeBytes { text in
                var position = 0
                for key in order {
                    let start = Int(key) * Self.keySize
                    try body(
                        partitions[Int(key)],
                        UnsafeRawBufferPointer(rebasing: keys[start..<start + Self.keySize]),
                        UnsafeRawBufferPointer(rebasing: text[position..<position + valueSize]))
                    position = (position + 257) & (1 << 20 - 1)
                }
            }
        }
    }

    private static func uniform(_ options: WorkloadOptions, _ random: inout RandomNumbers) -> [UInt32] {
        (0..<options.records).map { _ in UInt32.random(in: 0..<UInt32(options.keys), using: &random) }
    }

    /// The n-th key is drawn 1/n times as often as the first.
    private static func zipf(_ options: WorkloadOptions, _ random: inout RandomNumbers) -> [UInt32] {
        var sum = 0.0
        let sums = (1...options.keys).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
        return (0..<options.records).map { _ in
            let drawn = Double.random(in: 0..<sum, using: &random)
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] <= drawn { low = middle + 1 } else { high = middle }
            }
            return UInt32(low)
        }
    }
}
