/// What becomes of the stores and internal topics of an application when its topology is replaced by another (TP-09).
///
/// Made from two manifests, before anything is deployed. `description` is the plan to be read by people.
public struct TopologyUpgrade: Sendable, Hashable {
    /// What happens to one store or topic.
    public struct Step: Sendable, Hashable {
        /// What it happens to.
        public enum Subject: String, Sendable, Hashable, Codable {
            /// A state store with its changelog.
            case store
            /// A repartition topic.
            case repartitionTopic
            /// The tasks of a sub-topology.
            case subtopology
        }

        /// What happens.
        public enum Fate: String, Sendable, Hashable, Codable {
            /// It goes on under its name.
            case kept
            /// It goes on, but must first be restored from its changelog, or differs in what its reason says.
            case changed
            /// The same operator has it under another name, and begins with nothing under that.
            case renamed
            /// Nothing uses it any more; its topic stays in the cluster.
            case orphaned
            /// It begins with nothing.
            case new
            /// The name stays, but what is there cannot be used.
            case incompatible
        }

        /// What it happens to.
        public var subject: Subject
        /// The name now.
        public var name: String
        /// The name afterwards, where that is another.
        public var newName: String?
        /// What happens.
        public var fate: Fate
        /// Why, and what to do about it; empty for what is simply kept.
        public var reason: String
        /// Whether what is there now is not there afterwards.
        public var losesState: Bool
    }

    /// The topology that runs now.
    public let old: TopologyManifest
    /// The topology that is to run.
    public let new: TopologyManifest
    /// Stores first, then repartition topics, then sub-topologies.
    public let steps: [Step]

    /// Compares two topologies.
    public init(from old: TopologyManifest, to new: TopologyManifest) {
        self.old = old
        self.new = new
        steps = StoreUpgrade(old, new).steps + RepartitionUpgrade(old, new).steps + SubtopologyUpgrade(old, new).steps
    }

    /// Whether any state, or any record that is under way in a repartition topic, is lost.
    public var losesState: Bool { steps.contains(where: \.losesState) }
}

extension TopologyUpgrade: CustomStringConvertible {
    /// A line for each step, and a line that says whether state is lost.
    public var description: String {
        let lines = steps.map { step in
            let name = step.newName.map { "\(step.name) → \($0)" } ?? step.name
            let reason = step.reason.isEmpty ? "" : ": \(step.reason)"
            return "\(step.losesState ? "!" : " ") \(step.fate.rawValue) \(step.subject.rawValue) \(name)\(reason)"
        }
        let count = steps.count(where: \.losesState)
        let verdict = count == 0 ? "No state is lost." : "State is lost in \(count) place\(count == 1 ? "" : "s") (!)."
        return (lines + [verdict]).joined(separator: "\n")
    }
}
