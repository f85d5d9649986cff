/// The order in which Java's `HashSet` gives a few strings: Kafka Streams prints the stores of a node in it.
enum JavaHashOrder {
    static func sorted(_ names: [String]) -> [String] {
        // A set made of a collection has room for 4/3 of it, in a power of two and 16 at least.
        var buckets: UInt32 = 16
        while Double(buckets) * 0.75 < Double(names.count) { buckets *= 2 }
        let placed = names.enumerated().map { offset, name in
            let hash = hash(name)
            return (bucket: (hash ^ hash >> 16) & (buckets - 1), offset: offset, name: name)
        }
        return placed.sorted { ($0.bucket, $0.offset) < ($1.bucket, $1.offset) }.map(\.name)
    }

    private static func hash(_ text: String) -> UInt32 {
        text.utf16.reduce(0) { $0 &* 31 &+ UInt32($1) }
    }
}
