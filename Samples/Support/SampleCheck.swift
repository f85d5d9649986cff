/// Compares what a sample's topology made with what a plain loop over the input says.
package enum SampleCheck {
    /// Throws an error that names the first keys that differ.
    package static func equal<Key: Hashable, Value: Equatable>(_ found: [Key: Value], _ expected: [Key: Value]) throws {
        let differing = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
        if differing.isEmpty { return }
        let lines = differing.map { key in
            "\(key): \(found[key].map { "\($0)" } ?? "nothing") instead of \(expected[key].map { "\($0)" } ?? "nothing")"
        }
        throw SampleError(
            "\(differing.count) of \(expected.count) results are wrong: \(lines.sorted().prefix(5).joined(separator: "; "))"
        )
    }
}
