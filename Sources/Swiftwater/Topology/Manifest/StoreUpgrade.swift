/// What becomes of stores: they are known by their names, and where those have changed by what they are.
struct StoreUpgrade {
    typealias Store = TopologyManifest.Store
    typealias Step = TopologyUpgrade.Step

    private(set) var steps: [Step] = []
    private let subtopologies: SubtopologyMatching
    private let folders: (old: [Int: [String]], new: [Int: [String]])

    init(_ old: TopologyManifest, _ new: TopologyManifest) {
        subtopologies = SubtopologyMatching(old, new)
        folders = (Self.folders(old), Self.folders(new))
        let newByName = Dictionary(new.stores.map { ($0.name, $0) }) { first, _ in first }
        let oldNames = Set(old.stores.map(\.name))
        var added = new.stores.filter { !oldNames.contains($0.name) }
        for store in old.stores {
            if let next = newByName[store.name] {
                steps.append(kept(store, next))
            } else if let index = added.firstIndex(where: { isSuccessor($0, of: store) }) {
                steps.append(renamed(store, added.remove(at: index)))
            } else {
                steps.append(orphaned(store))
            }
        }
        for store in added {
            let topic = store.changelog.map { ", with the new topic <application id>-\($0)" } ?? ""
            steps.append(
                Step(
                    subject: .store, name: store.name, fate: .new, reason: "begins empty\(topic)", losesState: false))
        }
    }

    private func kept(_ old: Store, _ new: Store) -> Step {
        var step = Step(subject: .store, name: old.name, fate: .kept, reason: "", losesState: false)
        if old.kind != new.kind {
            step.fate = .incompatible
            step.losesState = true
            step.reason =
                """
                it was a \(old.kind) store and is a \(new.kind) store, which cannot read its changelog: give the new one \
                another name
                """
            return step
        }
        var notes: [String] = []
        if let change = Self.change(old.keyType, new.keyType) {
            notes.append("its keys were \(change): the new serde must read the old bytes")
        }
        if let change = Self.change(old.valueType, new.valueType) {
            notes.append("its values were \(change): the new serde must read the old bytes")
        }
        if old.retention != new.retention {
            let times = [old.retention, new.retention].map { $0.map { "\($0) ms" } ?? "for ever" }
            notes.append("it kept \(times[0]) and keeps \(times[1])")
        }
        switch (old.changelog ?? old.sourceTopic, new.changelog ?? new.sourceTopic) {
        case (let before?, let after?) where before != after:
            step.losesState = old.sourceTopic == nil
            notes.append("it was restored from \(before) and is restored from \(after)")
        case (let before?, nil):
            notes.append("nothing backs it any more, \(before) is orphaned: state is as safe as its disk from now on")
        case (nil, _?):
            notes.append("its changelog is new and holds what changes from now on only: keep its disk, or reset it")
        default: break
        }
        if let cause = whyRestored(old, new) {
            let hasSource = new.changelog ?? new.sourceTopic != nil
            step.losesState = step.losesState || !hasSource
            notes.append("\(cause): it \(hasSource ? "is restored" : "begins empty, since nothing backs it")")
        }
        if new.changelog != nil,
            subtopologies.sources(of: old.subtopology, isOld: true)
                != subtopologies.sources(of: new.subtopology, isOld: false)
        {
            notes.append("its tasks read other topics: their partition counts must be those of the changelog")
        }
        if !notes.isEmpty {
            step.fate = .changed
            step.reason = notes.joined(separator: "; ")
        }
        return step
    }

    /// Why the files of a store that is kept cannot be used; nil if they can.
    private func whyRestored(_ old: Store, _ new: Store) -> String? {
        if old.layout != new.layout { return "its bytes lie otherwise on disk" }
        if old.subtopology != new.subtopology {
            return "its tasks \(old.subtopology)_n are \(new.subtopology)_n now"
        }
        return folders.old[old.subtopology] == folders.new[new.subtopology]
            ? nil : "its tasks have other stores beside it"
    }

    /// What lies in the folder of a sub-topology's tasks: one that holds anything else is not used.
    private static func folders(_ manifest: TopologyManifest) -> [Int: [String]] {
        Dictionary(grouping: manifest.stores, by: \.subtopology).mapValues { stores in
            stores.map { "\($0.name) \($0.layout)" }
        }
    }

    private func renamed(_ old: Store, _ new: Store) -> Step {
        let cause =
            old.isNameGenerated && new.isNameGenerated
            ? "the names are numbered, and an operator before it was added or removed"
            : "the same operator has another name for it"
        let topic = old.changelog.map { ", <application id>-\($0) is orphaned" } ?? ""
        return Step(
            subject: .store,
            name: old.name,
            newName: new.name,
            fate: .renamed,
            reason: "\(cause); the new store begins empty\(topic). Name it `\(old.name)` to keep its state",
            losesState: old.sourceTopic == nil
        )
    }

    private func orphaned(_ old: Store) -> Step {
        let topic = old.changelog.map { "; the topic <application id>-\($0) stays until it is deleted" } ?? ""
        return Step(
            subject: .store,
            name: old.name,
            fate: .orphaned,
            reason: "no operator keeps it any more\(topic)",
            losesState: old.sourceTopic == nil
        )
    }

    /// Whether a store that is new by its name is what an operator of the old topology had: the same kind of bytes, made of the
    /// same sources by the same kind of operator.
    private func isSuccessor(_ new: Store, of old: Store) -> Bool {
        guard new.kind == old.kind, new.keyType == old.keyType, new.valueType == old.valueType else { return false }
        if Self.stem(new.name) == Self.stem(old.name) { return true }
        return new.nodes.map(Self.stem) == old.nodes.map(Self.stem)
            && subtopologies.sources(of: old.subtopology, isOld: true)
                == subtopologies.sources(of: new.subtopology, isOld: false)
    }

    private static func change(_ old: String?, _ new: String?) -> String? {
        guard let old, let new, old != new else { return nil }
        return "\(old) and are \(new)"
    }

    /// A name without the number that the library gave it.
    static func stem(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.count == 10 && $0.allSatisfy(\.isNumber) ? "#" : String($0) }
            .joined(separator: "-")
    }
}
