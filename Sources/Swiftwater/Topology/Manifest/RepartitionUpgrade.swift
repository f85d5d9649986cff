/// What becomes of repartition topics: records that are in one when the topology changes are read only if its name stays.
struct RepartitionUpgrade {
    typealias Topic = TopologyManifest.RepartitionTopic
    typealias Step = TopologyUpgrade.Step

    private(set) var steps: [Step] = []

    init(_ old: TopologyManifest, _ new: TopologyManifest) {
        let newByName = Dictionary(new.repartitionTopics.map { ($0.name, $0) }) { first, _ in first }
        let oldNames = Set(old.repartitionTopics.map(\.name))
        var added = new.repartitionTopics.filter { !oldNames.contains($0.name) }
        for topic in old.repartitionTopics {
            if let next = newByName[topic.name] {
                steps.append(Self.kept(topic, next))
            } else if let index = added.firstIndex(where: { isSuccessor($0, of: topic) }) {
                steps.append(Self.left(topic, .renamed, newName: added.remove(at: index).name))
            } else {
                steps.append(Self.left(topic, .orphaned, newName: nil))
            }
        }
        for topic in added {
            steps.append(
                Step(
                    subject: .repartitionTopic, name: topic.name, fate: .new,
                    reason: "the topic <application id>-\(topic.name) is made at the start", losesState: false))
        }
    }

    /// Whether only the number in its name is another.
    private func isSuccessor(_ new: Topic, of old: Topic) -> Bool {
        StoreUpgrade.stem(new.name) == StoreUpgrade.stem(old.name)
    }

    private static func kept(_ old: Topic, _ new: Topic) -> Step {
        var step = Step(subject: .repartitionTopic, name: old.name, fate: .kept, reason: "", losesState: false)
        if let count = new.partitionCount, old.partitionCount != count {
            step.fate = .changed
            step.reason =
                """
                \(old.partitionCount.map { "\($0)" } ?? "as many as its sources have") partitions were asked for, \(count) are \
                now: a topic that has another count is refused at the start
                """
        }
        return step
    }

    private static func left(_ old: Topic, _ fate: Step.Fate, newName: String?) -> Step {
        Step(
            subject: .repartitionTopic,
            name: old.name,
            newName: newName,
            fate: fate,
            reason:
                """
                records that are in <application id>-\(old.name) are not read any more: stop the application when it has read \
                all, or keep the name
                """,
            losesState: true
        )
    }
}
