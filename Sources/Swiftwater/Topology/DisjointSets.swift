/// Sets that can be united, and told apart (union-find).
struct DisjointSets<Element: Hashable> {
    private var parent: [Element: Element] = [:]

    mutating func insert(_ element: Element) {
        if parent[element] == nil { parent[element] = element }
    }

    mutating func root(of element: Element) -> Element {
        insert(element)
        var current = element
        while let next = parent[current], next != current { current = next }
        parent[element] = current
        return current
    }

    mutating func unite(_ left: Element, _ right: Element) {
        let leftRoot = root(of: left)
        let rightRoot = root(of: right)
        if leftRoot != rightRoot { parent[leftRoot] = rightRoot }
    }
}
