internal import Synchronization

/// A list that all threads read without a lock and that only ever grows: what a serde has learnt from the registry.
///
/// For a handful of elements, as a serde has topics and schemas.
final class AppendOnlyList<Element: Sendable>: Sendable {
    private final class Node: Sendable {
        let element: Element
        let next = AtomicLazyReference<Node>()

        init(_ element: Element) {
            self.element = element
        }
    }

    private let head = AtomicLazyReference<Node>()

    /// The first element of which something holds.
    func first(where holds: (Element) -> Bool) -> Element? {
        var node = head.load()
        while let current = node {
            if holds(current.element) { return current.element }
            node = current.next.load()
        }
        return nil
    }

    /// Adds an element to the end, where all threads see it.
    func append(_ element: Element) {
        let node = Node(element)
        var last = head.storeIfNil(node)
        while last !== node { last = last.next.storeIfNil(node) }
    }
}
