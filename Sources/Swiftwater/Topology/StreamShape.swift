/// What the operators of streams do to keys and values, and which follows which: for finding where a key was changed.
@usableFromInline
struct StreamShape {
    /// What an operator does, as far as repartitions are concerned.
    @usableFromInline
    enum Kind {
        case changesKey
        /// A repartition cannot move above it, where values are others.
        case changesValue
        case merges
        /// Keys and values pass as they are, if at all.
        case passes
    }

    private var nodes: [String: (kind: Kind, parents: [String])] = [:]
    /// The merges, in the order in which they were told.
    private(set) var merges: [String] = []

    @usableFromInline
    init() {}

    @usableFromInline
    mutating func add(_ node: String, _ kind: Kind, after parents: [String]) {
        nodes[node] = (kind, parents)
        if kind == .merges { merges.append(node) }
    }

    /// The operator that changed the key of a node's records, if only such follow it as leave values alone.
    func changer(above node: String) -> String? {
        let changer = first(from: node) { kind, _ in kind == .changesKey }
        return changer == first(from: node) { kind, _ in kind == .changesKey || kind == .changesValue } ? changer : nil
    }

    /// The node that directly follows another on the way down to a third.
    func firstChild(of node: String, above descendant: String) -> String? {
        first(from: descendant) { _, parents in parents.contains(node) }
    }

    func isAtOrAbove(_ node: String, _ descendant: String) -> Bool {
        node == descendant || firstChild(of: node, above: descendant) != nil
    }

    /// The first node on the way up for which something holds.
    ///
    /// Kafka Streams looks at the parents of a merge in turn, and forgets what it found above one if it finds nothing above the next.
    private func first(from node: String, _ holds: (Kind, [String]) -> Bool) -> String? {
        guard let (kind, parents) = nodes[node] else { return nil }
        if holds(kind, parents) { return node }
        var found: String?
        for parent in parents {
            if let (kind, parents) = nodes[parent], holds(kind, parents) { return parent }
            found = first(from: parent, holds)
        }
        return found
    }
}
