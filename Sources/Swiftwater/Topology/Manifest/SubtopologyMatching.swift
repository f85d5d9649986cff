/// Which sub-topology of a new topology is which of the old: those that read the same topics.
struct SubtopologyMatching {
    private let old: [Int: Set<String>]
    private let new: [Int: Set<String>]

    init(_ old: TopologyManifest, _ new: TopologyManifest) {
        self.old = Self.sources(old)
        self.new = Self.sources(new)
    }

    /// What a sub-topology reads; generated numbers do not count.
    func sources(of id: Int, isOld: Bool) -> Set<String> {
        (isOld ? old[id] : new[id]) ?? []
    }

    /// The number that a sub-topology of the old topology has in the new one; nil if none reads the same.
    func newID(of id: Int) -> Int? {
        guard let sources = old[id] else { return nil }
        return new.filter { $0.value == sources }.keys.min()
    }

    private static func sources(_ manifest: TopologyManifest) -> [Int: Set<String>] {
        Dictionary(
            manifest.subtopologies.map { part in
                (part.id, Set(part.sources + part.repartitionTopics.map(StoreUpgrade.stem)))
            }
        ) { first, _ in first }
    }
}
