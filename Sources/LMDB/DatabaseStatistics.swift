/// How large a database is.
package struct DatabaseStatistics: Sendable, Hashable {
    package let entries: Int
    /// Levels of the tree; 0 when empty.
    package let depth: Int
    package let branchPages: Int
    package let leafPages: Int
    /// Pages of values that are too long for a leaf.
    package let overflowPages: Int

    package var pages: Int { branchPages + leafPages + overflowPages }
}
