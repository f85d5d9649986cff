import Swiftwater

/// The topologies that are measured: each reads the input topic and writes one other.
enum BenchTopology {
    /// Every record is looked at, changed and passed on.
    static func stateless(from input: String, to output: String) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(input, key: .string, value: .bytes)
            .filter { _, value in value.first != 0 }
            .mapValues { value in
                var changed = value
                if !changed.isEmpty { changed[0] ^= 1 }
                return changed
            }
            .to(output, key: .string, value: .bytes)
        return try builder.build()
    }

    /// Counts per key, with store, changelog and an output of the counts.
    static func count(from input: String, to output: String, cached: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(input, key: .string, value: .bytes)
            .groupByKey()
            .count(as: Materialized("counts", cached: cached))
            .toStream()
            .to(output, key: .string, value: .int64)
        return try builder.build()
    }
}
