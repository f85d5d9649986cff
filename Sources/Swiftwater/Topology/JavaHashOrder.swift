/// The order in which Java's `HashSet` and `HashMap` give strings: Kafka Streams prints stores and topics in it, and connects nodes.
enum JavaHashOrder {
    /// The order of a set that was made of a collection.
    static func sorted(_ names: [String]) -> [String] {
        // Such a set has room for 4/3 of the collection and one more.
        sorted(names, buckets: buckets { Double(names.count) / 0.75 + 1 <= Double($0) })
    }

    /// The order of a set or map into which the names were put one after the other.
    static func grown(_ names: [String]) -> [String] {
        sorted(names, buckets: buckets { Double(names.count) <= Double($0) * 0.75 })
    }

    /// A table has a power of two of buckets, and 16 at least.
    private static func buckets(_ suffice: (UInt32) -> Bool) -> UInt32 {
        var count: UInt32 = 16
        while !suffice(count) { count *= 2 }
        return count
    }

    /// By bucket; what shares one stands in the order in which it came.
    private static func sorted(_ names: [String], buckets: UInt32) -> [String] {
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
