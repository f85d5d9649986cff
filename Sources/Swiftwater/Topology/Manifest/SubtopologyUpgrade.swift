/// What becomes of tasks: their names, and with them their folders, begin with the number of their sub-topology.
struct SubtopologyUpgrade {
    typealias Step = TopologyUpgrade.Step

    private(set) var steps: [Step] = []

    init(_ old: TopologyManifest, _ new: TopologyManifest) {
        let matching = SubtopologyMatching(old, new)
        for part in old.subtopologies where !part.isGlobal {
            guard let id = matching.newID(of: part.id) else {
                let topics = (part.sources + part.repartitionTopics).joined(separator: ", ")
                steps.append(
                    Step(
                        subject: .subtopology, name: "\(part.id)", fate: .orphaned,
                        reason: "nothing reads just \(topics) any more", losesState: false))
                continue
            }
            guard id != part.id else { continue }
            steps.append(
                Step(
                    subject: .subtopology, name: "\(part.id)", newName: "\(id)", fate: .renamed,
                    reason: "its tasks get new folders, and their stores are restored from their changelogs",
                    losesState: false))
        }
    }
}
